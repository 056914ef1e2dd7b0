"""What a browser (cookie) or an app (header) shows to be known again, and how it is given to them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from ciam_core.kernel.http import origin_of, sound_token
from ciam_core.kernel.origin import Channel
from ciam_core.kernel.typing import User
from ciam_mfa.settings import conf
from ciam_mfa.trusted_browsers.flows import recognise_browser, trust_browser

HEADER = "X-Trusted-Device-Token"  # "token", here and in the cookie: Django's error reports leave such values out


def cookie_name() -> str:
    """``__Host-trust-token``; without its prefix on ``http://localhost``."""
    return "__Host-trust-token" if settings.SESSION_COOKIE_SECURE else "trust-token"


def token_of(request: HttpRequest) -> str:
    """An app has no cookies, and a browser no say in headers: each is asked for its own."""
    if origin_of(request).channel == Channel.APP:
        return sound_token(request.headers.get(HEADER, ""))
    return sound_token(request.COOKIES.get(cookie_name(), ""))


def is_trusted(request: HttpRequest, user: User) -> bool:
    """Whether ``user`` has trusted the browser or app this comes from. One statement, none where it shows no token."""
    token = token_of(request)
    return bool(token) and recognise_browser(user, token, origin=origin_of(request))


def trust_here(request: HttpRequest, user: User) -> str:
    """The token for the browser or app this comes from, in which ``user`` has just shown a second factor.

    Empty where trust is not offered to them.
    """
    return trust_browser(user, former=token_of(request), origin=origin_of(request))


def keep_token(response: HttpResponseBase, token: str) -> None:
    """Give a browser its token."""
    lifetime, secure = conf().TRUST_LIFETIME, settings.SESSION_COOKIE_SECURE
    response.set_cookie(cookie_name(), token, max_age=lifetime, secure=secure, httponly=True, samesite="Lax")
