"""Where a person sees what they trust, and ends it: on pages and over REST."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from ciam_core.kernel.origin import Channel, Origin
from ciam_mfa.flows import trust_browser
from ciam_mfa.models import TrustedBrowser
from tests.core.accounts.doors import App, Browser, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS
from tests.mfa.trusted_browsers.trusting import COOKIE, answer

BASE = "/api/ciam/v1/trusted-devices/"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
NOBODY_S = UUID(int=0)
ELSEWHERE = Origin(channel=Channel.APP, agent="Shop/3.1 (iPhone; iOS 17.5)")


@pytest.fixture
def inside(phone):
    """Alice at her laptop, which she trusts; another app of hers is trusted, too."""
    trust_browser(phone.user, origin=ELSEWHERE)
    laptop = Pages(headers={"User-Agent": LAPTOP})
    laptop.sign_in(HERS, PASSWORD)
    answer(laptop, phone)
    return laptop


@pytest.fixture(params=[App, Browser])
def client_of(request, phone):
    """Alice in an app, or a browser's program, that she trusts."""
    door = request.param(headers={"User-Agent": LAPTOP})
    door.sign_in(HERS, PASSWORD)
    answer(door, phone)
    return door


def page(door, name="ciam_trusted_browsers"):
    return door.get(reverse(name)).content.decode()


def test_they_are_listed_with_this_one_first(inside):
    shown = page(inside)
    assert shown.index("Chrome on Windows") < shown.index("This browser") < shown.index("iPhone")
    assert "Added just now" in shown
    assert "until 31 March 2026" in shown or "until March 31, 2026" in shown
    assert reverse("ciam_trusted_browsers") in page(inside, "ciam_factors")
    assert 'aria-current="true"' in shown


def test_one_is_ended(inside, alice):
    app = TrustedBrowser.objects.get(channel="app")
    inside.go("ciam_end_trusted_browser", {}, app.pk)
    assert "You are asked there again." in page(inside)
    assert TrustedBrowser.objects.get().channel == "browser"


def test_all_are_ended_and_the_session_stays(inside):
    inside.go("ciam_end_trusted_browsers")
    shown = page(inside)
    assert "You are asked everywhere again." in shown
    assert "None yet." in shown
    assert not TrustedBrowser.objects.exists()


def test_who_cannot_trust_any_is_told(inside, mfa):
    mfa(TRUST_LIFETIME=None)
    assert "You are asked for a second factor each time you sign in." in page(inside)


def test_another_person_s_is_not_there(inside, bob):
    trust_browser(bob, origin=ELSEWHERE)
    theirs = TrustedBrowser.objects.get(user=bob)
    assert inside.go("ciam_end_trusted_browser", {}, theirs.pk).status_code == 404
    assert inside.delete(f"{BASE}{theirs.pk}/").status_code == 404
    inside.go("ciam_end_trusted_browsers")
    assert TrustedBrowser.objects.get() == theirs


@pytest.mark.parametrize("name", ["ciam_trusted_browsers", "ciam_end_trusted_browsers", "ciam_end_trusted_browser"])
def test_signed_out_or_half_way_there_is_nothing_to_see(name, phone, pages):
    args = [NOBODY_S] if name == "ciam_end_trusted_browser" else []
    for _ in range(2):
        for method in ("get", "post"):
            answered = getattr(pages, method)(reverse(name, args=args))
            assert answered.status_code in (302, 405)
            assert answered.status_code == 405 or answered.url.startswith(reverse("ciam_sign_in"))
        pages.sign_in(HERS, PASSWORD)


def test_over_rest_they_are_listed(client_of):
    trust_browser(client_of_person(), origin=ELSEWHERE)
    here, other = client_of.get(BASE).json()
    kept = TrustedBrowser.objects.order_by("pk").first()
    lasts = datetime.fromisoformat(here["expires_at"]) - datetime.fromisoformat(here["created_at"])
    assert (here["id"], here["channel"], here["last_used_at"]) == (str(kept.pk), kept.channel, None)
    assert (here["label"], here["current"], lasts) == ("Chrome on Windows", True, timedelta(days=30))
    assert (other["label"], other["channel"], other["current"]) == ("iPhone", "app", False)
    assert kept.digest not in client_of.get(BASE).content.decode()


def client_of_person():
    return TrustedBrowser.objects.get().user


def test_over_rest_one_is_ended_and_then_all(client_of):
    person = client_of_person()
    for _ in range(2):
        trust_browser(person, origin=ELSEWHERE)
    [*_, last] = client_of.get(BASE).json()
    assert client_of.delete(f"{BASE}{last['id']}/").status_code == 204
    assert client_of.delete(f"{BASE}{last['id']}/").status_code == 404
    assert len(client_of.get(BASE).json()) == 2
    assert client_of.delete(BASE).status_code == 204
    assert client_of.get(BASE).json() == []
    assert client_of.is_signed_in()


@pytest.mark.parametrize("path", ["", f"{NOBODY_S}/"])
@pytest.mark.parametrize("kind", [App, Browser])
def test_over_rest_signed_out_or_half_way_there_is_nothing(kind, path, phone, db):
    door = kind()
    for _ in range(2):
        assert door.delete(BASE + path).status_code == 401
        door.sign_in(HERS, PASSWORD)


def test_over_rest_what_is_no_id_is_not_there(client_of):
    assert client_of.delete(f"{BASE}all/").status_code == 404
    assert TrustedBrowser.objects.count() == 1


def test_a_strange_cookie_marks_nothing(inside):
    inside.cookies[COOKIE] = "x" * 5000
    assert "This browser" not in page(inside)
