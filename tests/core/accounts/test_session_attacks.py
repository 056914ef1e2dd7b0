"""Sessions under attack (SECURITY.md SE1–SE10), and invariant 2 at the next request."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ciam_core import defaults
from ciam_core.kernel.secrets import token_digest
from ciam_core.models import Session
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, newest_to
from tests.core.accounts.urls_known import places
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
PAGES = places(under="accounts/")
ENDPOINTS = places(under="_allauth/") + places(under="api/")
DOCUMENTS = {"/api/ciam/v1/", "/api/ciam/v1/schema/", "/_allauth/openapi.json", "/_allauth/openapi.yaml"}
ENDPOINTS = [place for place in ENDPOINTS if place.path not in DOCUMENTS and "openapi" not in place.path]


def by_password(door, alice):
    door.sign_in(alice.email, PASSWORD)


def by_code(door, alice):
    door.ask_for_code(alice.email)
    door.enter_code(code_in(newest_to(alice.email)))


def by_recovery(door, alice):
    door.ask_for_recovery(alice.email)
    door.recover(code_in(newest_to(alice.email)), NEW)


def by_link(door, alice):
    door.ask_for_code(alice.email)
    door.use_link(link_in(newest_to(alice.email)))


@pytest.mark.parametrize("way", [by_password, by_code, by_recovery, by_link])
def test_the_session_key_is_another_after_signing_in(way, pages, alice):
    """SE1, ASVS 7.2.4: what mallory planted in alice's browser is worth nothing afterwards."""
    pages.ask_for_code(alice.email)
    planted = pages.cookies["session"].value
    way(pages, alice)
    assert pages.is_signed_in()
    assert pages.cookies["session"].value != planted
    mallory = Pages()
    mallory.cookies["session"] = planted
    assert not mallory.is_signed_in()


@pytest.mark.parametrize("way", [by_password, by_code, by_recovery])
def test_an_apps_token_is_another_after_signing_in(way, app, alice):
    """SE1."""
    app.ask_for_code(alice.email)
    planted = app.token
    way(app, alice)
    mallory = App()
    mallory.token = planted
    assert app.is_signed_in()
    assert app.token != planted
    assert not mallory.is_signed_in()


def test_a_key_that_the_server_did_not_make_is_not_taken_over(pages, alice):
    """SE1."""
    pages.cookies["session"] = "mallorychosethiskeyherself123456"
    pages.sign_in(alice.email, PASSWORD)
    assert pages.cookies["session"].value != "mallorychosethiskeyherself123456"


def test_a_changed_password_changes_the_key_and_ends_the_other_sessions(door, alice):
    """ASVS 7.2.4, 7.4.3."""
    elsewhere = [kind() for kind in (Pages, Browser, App)]
    for other in [door, *elsewhere]:
        other.sign_in(alice.email, PASSWORD)
    before = door.cookies["session"].value if "session" in door.cookies else door.token
    door.change_password(PASSWORD, NEW)
    assert door.is_signed_in()
    assert before != (door.cookies["session"].value if "session" in door.cookies else door.token)
    assert not any(other.is_signed_in() for other in elsewhere)


def again_by_password(door, person):
    if isinstance(door, Browser):
        return door.call("post", "auth/reauthenticate", {"password": PASSWORD})
    return door.go("ciam_reauthenticate", {"password": PASSWORD})


def again_by_code(door, person):
    if isinstance(door, Browser):
        door.call("post", "auth/reauthenticate/code")
        return door.call("post", "auth/reauthenticate", {"code": code_in(newest_to(person.email))})
    door.go("ciam_send_reauthentication_code")
    return door.go("ciam_reauthenticate", {"code": code_in(newest_to(person.email))})


@pytest.mark.parametrize(("who", "way"), [("alice", again_by_password), ("passwordless", again_by_code)])
def test_showing_again_who_one_is_changes_the_key(who, way, door, request):
    """ASVS 7.2.4: whoever copied it before is not raised with the owner. An app is told its new token."""
    person = request.getfixturevalue(who)
    by_password(door, person) if who == "alice" else by_code(door, person)
    before = key_of(door)
    assert way(door, person).status_code in (200, 302)
    assert door.is_signed_in()
    assert key_of(door) != before
    thief = type(door)()
    if isinstance(door, App):
        thief.token = before
    else:
        thief.cookies["session"] = before
    assert not thief.is_signed_in()
    assert Session.objects.filter(user=person).count() == 1


def key_of(door):
    return door.token if isinstance(door, App) else door.cookies["session"].value


def test_the_cookies_are_tied_to_this_host(pages, alice, settings):
    """SE1: with the secure defaults, over https."""
    for name in dir(defaults):
        if name.startswith(("SESSION_COOKIE", "CSRF_COOKIE")):
            setattr(settings, name, getattr(defaults, name))
    answer = pages.post(reverse("ciam_sign_in"), {"email": alice.email, "password": PASSWORD}, secure=True)
    session, csrf = answer.cookies["__Host-session"], answer.cookies["__Host-csrf"]
    assert all(cookie["secure"] and cookie["path"] == "/" and not cookie["domain"] for cookie in (session, csrf))
    assert session["httponly"]
    assert session["samesite"] == csrf["samesite"] == "Lax"


def test_sign_out_kills_the_session_on_the_server(door, alice):
    """ASVS 7.4.1: the old key, replayed."""
    door.sign_in(alice.email, PASSWORD)
    replayed = type(door)()
    replayed.token = getattr(door, "token", None)
    kept = {name: morsel.value for name, morsel in door.cookies.items()}
    door.sign_out()
    for name, value in kept.items():
        replayed.cookies[name] = value
    assert not replayed.is_signed_in()


@pytest.mark.parametrize("bit", range(0, 32, 5))
def test_a_key_with_one_letter_changed_is_nobodys(bit, pages, alice):
    """SE4."""
    pages.sign_in(alice.email, PASSWORD)
    key = pages.cookies["session"].value
    forged = Pages()
    forged.cookies["session"] = key[:bit] + ("a" if key[bit] != "a" else "b") + key[bit + 1 :]
    assert not forged.is_signed_in()


def test_the_key_of_a_session_is_in_no_page(pages, alice):
    """SE5."""
    pages.sign_in(alice.email, PASSWORD)
    key = pages.cookies["session"].value
    for place in PAGES:
        assert key not in pages.get(place.path).content.decode(), place.path


def test_no_browser_is_told_its_key_in_json(browser, alice):
    """SE5: only an app is given a token."""
    answer = browser.sign_in(alice.email, PASSWORD)
    assert browser.cookies["session"].value not in answer.text
    assert "session_token" not in answer.text


@pytest.mark.parametrize("place", [*PAGES, *ENDPOINTS], ids=lambda place: place.path)
def test_no_answer_is_cached(place, alice, settings):
    """SE6, ASVS 14.3.2: signed in and signed out, whatever the status."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PROFILE": {"full_name": {"label": "Name"}}}
    inside = App() if "/app/" in place.path else Pages()
    inside.sign_in(alice.email, PASSWORD)
    for caller in (inside, Client()):
        for method in ("get", "post"):
            answer = getattr(caller, method)(place.path)
            assert "no-store" in answer.headers.get("Cache-Control", ""), (place.path, method, answer.status_code)


def test_a_shared_cache_serves_nobodys_page_to_another(settings, alice):
    """SE6: with the cache of the whole site on."""
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    for place in [*PAGES, *ENDPOINTS]:
        pages.get(place.path)
        assert alice.email not in Client().get(place.path).content.decode()
    cache.clear()


@pytest.mark.parametrize("name", ["ciam_sign_in", "ciam_sign_up", "ciam_sign_out", "ciam_recover"])
def test_another_site_cannot_post_a_form(name, alice):
    """SE9: neither signing somebody in as mallory nor signing anybody out."""
    caller = Client(enforce_csrf_checks=True)
    fields = {"email": alice.email, "password": PASSWORD}
    assert caller.post(reverse(name), fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert caller.post(reverse(name), fields).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"), [("post", "auth/login"), ("delete", "auth/session"), ("post", "auth/signup")]
)
def test_another_site_cannot_call_a_browsers_json(method, path, alice):
    """SE9."""
    caller = Client(enforce_csrf_checks=True)
    body = '{"email": "alice@example.org", "password": "a quiet morning by the sea"}'
    for kind in ("application/json", "text/plain"):
        assert getattr(caller, method)(f"/_allauth/browser/v1/{path}", body, content_type=kind).status_code == 403


def test_an_apps_door_takes_no_cookie(alice):
    """SE9: it asks for no CSRF token, so a cookie must mean nothing to it."""
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    assert pages.get("/_allauth/app/v1/auth/session").status_code == 401
    assert pages.delete("/_allauth/app/v1/auth/session").status_code == 401
    assert pages.is_signed_in()


def test_a_browsers_key_is_no_apps_token(pages, alice):
    """The channel is part of the session."""
    pages.sign_in(alice.email, PASSWORD)
    thief = App()
    thief.token = pages.cookies["session"].value
    assert not thief.is_signed_in()
    assert thief.get("/api/ciam/v1/profile/").status_code in (401, 403)


def test_an_apps_token_is_no_browsers_cookie(app, alice):
    app.sign_in(alice.email, PASSWORD)
    thief = Pages()
    thief.cookies["session"] = app.token
    assert not thief.is_signed_in()


@pytest.mark.parametrize("name", ["ciam_sign_out", "ciam_use_link", "ciam_make_primary", "ciam_resend_recovery"])
def test_nothing_happens_by_get(name, pages, alice):
    """ASVS 3.5.3."""
    pages.sign_in(alice.email, PASSWORD)
    before = Session.objects.count()
    path = reverse(name, args=[1] if name == "ciam_make_primary" else [])
    pages.get(path)
    assert pages.is_signed_in()
    assert Session.objects.count() == before


def test_nothing_of_the_former_person_is_left_for_the_next_in_the_same_browser(pages, alice, mallory):
    """SE10."""
    pages.sign_in(alice.email, PASSWORD)
    pages.add_address("second@example.org")
    pages.ask_for_recovery(alice.email)
    hers = pages.cookies["session"].value
    pages.sign_out()
    pages.sign_in(mallory.email, PASSWORD)
    pages.confirm_address(code_in(newest_to("second@example.org")))
    assert not alice.emailaddress_set.filter(email="second@example.org", verified=True).exists()
    assert alice.email not in pages.get(reverse("ciam_addresses")).text
    assert not Session.objects.filter(key_digest=token_digest(hers)).exists()


def test_a_link_for_another_person_changes_the_session_not_only_the_person(pages, alice, mallory):
    """SE10: mallory's code was asked for before alice signed in, and its link is opened in her session."""
    pages.ask_for_code(mallory.email)
    link = link_in(newest_to(mallory.email))
    pages.sign_in(alice.email, PASSWORD)
    pages.add_address("second@example.org")
    hers = pages.cookies["session"].value
    pages.use_link(link)
    assert "second@example.org" not in pages.get(reverse("ciam_addresses")).text
    assert not Session.objects.filter(key_digest=token_digest(hers)).exists()
    assert pages.go("ciam_confirm_address", {"code": code_in(newest_to("second@example.org"))}).status_code != 200
    assert not alice.emailaddress_set.filter(email="second@example.org", verified=True).exists()


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "http:evil.example",
    "admin:index",
    "x",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_leads_nowhere_else(target, pages, alice):
    """ASVS 3.7.2."""
    answer = pages.post(reverse("ciam_sign_in"), {"email": alice.email, "password": PASSWORD, "next": target})
    assert answer.url == reverse("ciam_overview")
    assert pages.get(reverse("ciam_sign_in"), {"next": target}).url == reverse("ciam_overview")
    assert pages.post(f"{reverse('ciam_sign_out')}?next={target}").url == reverse("ciam_sign_in")
