"""What the OpenAPI document describes: our endpoints at the paths where ``ciam_core.urls`` puts them."""

from django.urls import include, path

from ciam_core.kernel.routes import api_modules

urlpatterns = [
    path("api/ciam/v1/", include("ciam_core.api_urls")),
    *(path("api/ciam/v1/", include(module)) for module in api_modules),
]
