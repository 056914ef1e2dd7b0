"""Invariant 1, by crawl: with the first factor alone, every URL there is answers as it answers a stranger."""

import pytest
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import path, reverse

from ciam_core.events import SignedIn
from ciam_core.models import Session, User
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.urls_known import places
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.people import shows
from tests.urls import urlpatterns as of_the_project

PLACES = [place.path for under in ("accounts/", "_allauth/", "api/") for place in places(under=under)]
ADMIN = ["/admin/", "/admin/password_change/", "/admin/ciam_core/user/", "/admin/jsi18n/"]
FOR_WHO_IS_HALF_WAY = {
    "/accounts/login/confirm/": "asks for the second factor",
    "/accounts/login/confirm/start-again/": "drops it",
    "/_allauth/browser/v1/auth/ciam/challenge": "asks for the second factor",
    "/_allauth/app/v1/auth/ciam/challenge": "asks for the second factor",
}


def kinds(where):
    if where.startswith("/api/"):
        return (App, Browser)
    return (App,) if "/app/" in where else (Browser,) if where.startswith("/_allauth/") else (Pages,)


def answers(door, where):
    methods = ("get", "post") if isinstance(door, Pages) else ("get", "post", "put", "patch", "delete")
    given = [(method, getattr(door, method)(where)) for method in methods]
    return [(method, answer.status_code, answer.headers.get("Location")) for method, answer in given]


@pytest.mark.parametrize("where", [*PLACES, *ADMIN])
def test_half_a_sign_in_is_none(where, phone, recorded):
    if where in FOR_WHO_IS_HALF_WAY:
        return
    for kind in kinds(where):
        half = kind()
        half.sign_in(ways.HERS, PASSWORD)
        assert answers(half, where) == answers(kind(), where)
    assert recorded(SignedIn) == []
    assert not Session.objects.exclude(user=None).exists()


def host_s_own(request):
    """As an impersonation, a magic link of the host's or a sign-in by a partner would."""
    login(request, User.objects.get(email=request.GET["who"]), backend="ciam_core.accounts.backends.CiamBackend")
    return HttpResponse("welcome")


def by_allauth(request):
    return perform_login(request, Login(user=User.objects.get(email=request.GET["who"])))


HOSTS = {"/own/": "its own view", "/allauth/": "allauth's way", "/django/": "Django's view"}
urlpatterns = [
    *of_the_project,
    path("own/", host_s_own),
    path("allauth/", by_allauth),
    path("django/", LoginView.as_view()),
]


def through(door, where, who):
    return door.post(f"{where}?who={who}", {"username": who, "password": PASSWORD})


@pytest.mark.urls("tests.mfa.challenge.test_crawl")
@pytest.mark.parametrize("where", HOSTS, ids=HOSTS.values())
def test_no_door_a_host_adds_goes_around_the_second_factor(where, pages, bob, phone, recorded):
    through(pages, where, bob.email)
    assert pages.is_signed_in()  # who owes none

    door = Pages()
    assert through(door, where, ways.HERS).url == reverse("ciam_challenge")
    assert not door.is_signed_in()
    assert {event.subject_id for event in recorded(SignedIn)} == {str(bob.pk)}
    ways.answer(door, f"totp-{phone.pk}", shows(phone))
    assert door.is_signed_in()
