"""The traps found in the libraries beneath (LIBRARIES.md A) that no folder's own tests stand in front of."""

import pytest
from django.urls import reverse
from django_otp.middleware import OTPMiddleware

from ciam_core.kernel.assurance import Level, level_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.people import shows

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
CHANNEL = "ciam_core.kernel.sessions.ChannelMiddleware"
OTP = "django_otp.middleware.OTPMiddleware"
CURIOUS = "tests.mfa.test_traps.curious"


def curious(get_response):
    """A host's own: whoever asks is in its log."""

    def middleware(request):
        assert str(request.user)
        return get_response(request)

    return middleware


def after(middleware, place, *added):
    position = middleware.index(place) + 1 if place else len(middleware)
    return [*middleware[:position], *added, *middleware[position:]]


@pytest.mark.parametrize("added", [(CURIOUS,), (OTP, CURIOUS)], ids=["curious", "django-otp's"])
@pytest.mark.parametrize("place", [AUTHENTICATION, CHANNEL, ""], ids=["early", "amid ours", "last"])
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_who_is_signed_in_stays_so_whatever_else_asks_who_it_is(kind, place, added, phone, settings):
    """Trap 1: django-otp's middleware wraps who asks, and allauth empties the outer wrapper only."""
    settings.MIDDLEWARE = after(settings.MIDDLEWARE, place, *added)
    door = kind()
    door.sign_in(ways.HERS, PASSWORD)
    ways.answer(door, f"totp-{phone.pk}", shows(phone))
    assert door.is_signed_in()
    assert door.get(reverse("ciam_api_factors")).status_code == 200
    assert level_of(ways.session_in(door), str(phone.user_id)) is Level.AAL2
    door.sign_out()
    assert not door.is_signed_in()
