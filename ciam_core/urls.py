"""Everything ``ciam_core`` answers: ``path("", include("ciam_core.urls"))``."""

from django.urls import include, path

from ciam_core import documented_urls
from ciam_core.api_docs import api_docs, api_schema
from ciam_core.kernel.routes import url_modules

urlpatterns = [
    path("accounts/", include("ciam_core.accounts.urls")),
    path("accounts/", include("ciam_core.audit.urls")),
    path("accounts/", include("ciam_core.sessions.urls")),
    path("_allauth/", include("ciam_core.accounts.headless.urls")),
    *(path("", include(module)) for module in url_modules),
    *documented_urls.urlpatterns,
    path("api/ciam/v1/schema/", api_schema, name="ciam_api_schema"),
    path("api/ciam/v1/", api_docs, name="ciam_api_docs"),
]
