"""What the OpenAPI document describes: our endpoints at the paths where ``ciam_core.urls`` puts them."""

from django.urls import include, path

urlpatterns = [path("api/ciam/v1/", include("ciam_core.api_urls"))]
