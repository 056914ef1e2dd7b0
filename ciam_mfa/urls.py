"""The pages of ``ciam_mfa``. ``ciam_core.urls`` has them; a host without it writes ``include("ciam_mfa.urls")``."""

from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from ciam_core.kernel.pages import Page
from ciam_mfa.challenge import views as challenge


def page(route: str, view: type[Page], name: str) -> URLPattern:
    """Nothing a page answers is kept by anybody."""
    return path(route, never_cache(view.as_view()), name=name)


PAGES = [
    page("login/confirm/", challenge.Challenge, "ciam_challenge"),
    page("login/confirm/start-again/", challenge.StartAgain, "ciam_challenge_start_again"),
]

urlpatterns = [path("accounts/", include(PAGES))]
