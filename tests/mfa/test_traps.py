"""The traps found in the libraries beneath (LIBRARIES.md A) that no folder's own tests stand in front of."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.urls import path, reverse

from ciam_core.kernel.assurance import Level, level_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.passkeys.test_doors import sign_in
from tests.mfa.people import shows, with_passkey
from tests.urls import urlpatterns as of_the_project

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


@reauthentication_required
def sensitive(request):
    return HttpResponse("done")


urlpatterns = [*of_the_project, path("sensitive/", sensitive)]


@pytest.mark.urls("tests.mfa.test_traps")
def test_a_host_s_view_behind_allauth_s_own_guard_is_no_open_door_without_a_password(pages, alice, noon):
    """Trap 10: allauth has nothing to ask whoever has only a passkey, and lets them through."""
    alice.set_unusable_password()
    alice.save()
    passkey, _ = with_passkey(alice)
    sign_in(pages, passkey)
    assert pages.get("/sensitive/").content == b"done"
    noon.shift(timedelta(hours=1))
    assert urlsplit(pages.get("/sensitive/").url).path == reverse("ciam_reauthenticate")
    assert pages.get("/sensitive/", headers={"accept": "application/json"}).status_code == 403
