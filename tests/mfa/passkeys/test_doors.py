"""A passkey at every door: alone as a way in, after a password, and where one is added."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from ciam_core.events import SignedIn
from ciam_core.flows import deactivate, suspend
from ciam_core.kernel.assurance import Level, level_of
from ciam_core.kernel.origin import SYSTEM
from ciam_core.models import Session
from ciam_mfa.models import Passkey
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS, session_in
from tests.mfa.people import with_passkey, with_totp
from tests.mfa.soft_authenticator import SoftPasskey, b64, unb64

IN_JSON = "auth/ciam/passkey"
BASE = "/api/ciam/v1/factors/passkey/"


def options_in(response):
    return json.loads(unescape(re.search(r'data-passkey-options="([^"]*)"', response.content.decode())[1]))


def begin(door):
    if isinstance(door, Browser):
        return door.call("get", IN_JSON).json()["data"]["request_options"]
    return options_in(door.go("ciam_passkey_sign_in", {"begin": "1"}))


def hand_in(door, credential, **more):
    if isinstance(door, Browser):
        return door.call("post", IN_JSON, {"credential": credential, **more})
    return door.go("ciam_passkey_sign_in", {"credential": json.dumps(credential), **more})


def sign_in(door, passkey, **otherwise):
    return hand_in(door, passkey.get(begin(door), **otherwise))


def answer(door, passkey, row):
    """The second factor, after a password."""
    key = f"passkey-{row.pk}"
    if isinstance(door, Browser):
        begun = door.call("post", "auth/ciam/challenge", {"authenticator": key, "begin": True})
        credential = passkey.get(begun.json()["data"]["prompt"]["request_options"])
        return door.call("post", "auth/ciam/challenge", {"authenticator": key, "credential": credential})
    credential = passkey.get(options_in(door.go("ciam_challenge", {"authenticator": key, "begin": "1"})))
    return door.go("ciam_challenge", {"authenticator": key, "credential": json.dumps(credential)})


def test_a_passkey_alone_signs_in_past_the_challenge(door, alice, recorded):
    """Trap 8: through allauth's stages, as any other door."""
    with_totp(alice)
    passkey, _ = with_passkey(alice)
    sign_in(door, passkey)
    assert door.is_signed_in()
    assert len(recorded(SignedIn)) == 1
    assert level_of(session_in(door), str(alice.pk)) is Level.AAL2
    assert Session.objects.exclude(user=None).get().level == Level.AAL2


def test_clients_are_told_how(app, alice):
    passkey, row = with_passkey(alice)
    methods = sign_in(app, passkey).json()["data"]["methods"]
    assert [(own["method"], own["type"], own["id"]) for own in methods] == [("mfa", "passkey", f"passkey-{row.pk}")]
    shown = session_in(app)["ciam_shown"]["shown"]
    assert [(own["method"], own["amr"]) for own in shown] == [("passkey", ["pop", "user", "mfa"])]


def test_one_that_did_not_check_who_holds_it_signs_nobody_in(door, alice):
    """Trap 9."""
    passkey, _ = with_passkey(alice, uv=False)
    assert sign_in(door, passkey).status_code == 400
    assert not door.is_signed_in()


def test_after_a_password_it_is_the_second_factor(door, alice):
    passkey, row = with_passkey(alice, uv=False)
    door.sign_in(HERS, PASSWORD)
    assert not door.is_signed_in()
    answer(door, passkey, row)
    assert door.is_signed_in()
    assert level_of(session_in(door), str(alice.pk)) is Level.AAL2


def test_it_leads_to_where_the_person_was_going(pages, alice):
    passkey, _ = with_passkey(alice)
    given = passkey.get(begin(pages))
    assert hand_in(pages, given, next="/accounts/profile/").url == "/accounts/profile/"
    pages.sign_out()
    given = passkey.get(begin(pages))
    assert hand_in(pages, given, next="https://evil.example/").url != "https://evil.example/"


def test_the_session_has_another_key_afterwards(pages, alice):
    """SE1."""
    passkey, _ = with_passkey(alice)
    begin(pages)
    before = pages.session.session_key
    sign_in(pages, passkey)
    assert pages.session.session_key != before


def test_an_answer_is_worth_nothing_in_another_session(door, alice):
    """MF16: the challenge lies in the session that asked."""
    passkey, _ = with_passkey(alice, synced=True)
    given = passkey.get(begin(door))
    thief = type(door)()
    begin(thief)
    assert hand_in(thief, given).status_code == 400
    assert not thief.is_signed_in()
    hand_in(door, given)
    assert door.is_signed_in()


def test_two_tabs_may_wait_for_a_passkey(door, alice):
    passkey, _ = with_passkey(alice)
    first, _second = begin(door), begin(door)
    hand_in(door, passkey.get(first))
    assert door.is_signed_in()


def test_only_so_many_pages_wait_in_one_browser(door, alice):
    passkey, _ = with_passkey(alice)
    first, *_ = [begin(door) for _ in range(6)]
    assert hand_in(door, passkey.get(first)).status_code == 400
    assert len(session_in(door)["ciam_mfa_passkey"]) == 5


def test_an_answer_is_worth_nothing_a_second_time(door, alice):
    passkey, _ = with_passkey(alice, synced=True)
    given = passkey.get(begin(door))
    hand_in(door, given)
    door.sign_out()
    assert hand_in(door, given).status_code == 400
    assert not door.is_signed_in()


def test_whoever_was_suspended_stays_out(door, alice):
    passkey, _ = with_passkey(alice)
    suspend(alice, reason="abuse", actor=PersonFactory(), origin=SYSTEM)
    sign_in(door, passkey)
    assert not door.is_signed_in()


def test_whoever_left_is_asked_whether_to_come_back(door, alice):
    passkey, _ = with_passkey(alice)
    deactivate(alice, origin=SYSTEM)
    sign_in(door, passkey)
    assert not door.is_signed_in()
    door.call("post", "auth/come-back") if isinstance(door, Browser) else door.go("ciam_come_back")
    assert door.is_signed_in()


def test_an_unproven_address_is_proven_first(door, db):
    person = PersonFactory(unproven=True)
    passkey, _ = with_passkey(person)
    sign_in(door, passkey)
    assert not door.is_signed_in()


def test_somebody_else_signed_in_here_is_not_signed_in_over(app, browser, alice, bob):
    """Cookie and session of two people mixed."""
    passkey, _ = with_passkey(alice)
    for door in (app, browser):
        given = passkey.sign(begin(door)["challenge"])
        door.sign_in(bob.email, PASSWORD)
        assert hand_in(door, given).status_code == 409


def test_the_door_is_throttled_as_the_others(door, alice, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 3}
    passkey, _ = with_passkey(alice)
    for _ in range(3):
        assert sign_in(door, passkey, origin="https://evil.example").status_code == 400
    refused = sign_in(door, passkey)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_an_unknown_passkey_is_named_so_that_the_browser_may_forget_it(pages, app, db):
    stranger = SoftPasskey()
    stranger.handle = b64(b"h" * 64)
    page = sign_in(pages, stranger)
    told = unescape(re.search(r'data-passkey-unknown="([^"]*)"', page.content.decode())[1])
    assert json.loads(told) == {"rpId": "testserver", "credentialId": b64(stranger.id)}
    assert [error["code"] for error in sign_in(app, stranger).json()["errors"]] == ["mfa.passkey_unknown"]


@pytest.mark.parametrize(
    "given",
    ["", "null", "[]", "7", '"text"', "{", "{}", '{"id": 7}', "[" * 5000, '{"id": "\\ud800"}', "x" * 60_000],
    ids=lambda given: given[:20],
)
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_what_is_no_credential_fails_closed(kind, given, alice):
    """MF19."""
    with_passkey(alice)
    door = kind()
    begin(door)
    if kind is Pages:
        response = door.go("ciam_passkey_sign_in", {"credential": given or " "})
    else:
        body = f'{{"credential": {given}}}'
        response = door.generic("POST", door.base + IN_JSON, body, content_type="application/json")
    assert 400 <= response.status_code < 500
    assert not door.is_signed_in()


def test_the_page_says_what_is_wrong_and_lets_one_try_again(pages, alice):
    passkey, _ = with_passkey(alice)
    page = sign_in(pages, passkey, origin="https://evil.example").content.decode()
    assert "This passkey could not be accepted." in page
    assert 'name="begin"' in page
    assert b64(passkey.id) not in page  # what was handed in is not shown again


def test_the_sign_in_page_offers_it_first_and_the_sign_up_page_another(pages, db):
    page = pages.get(reverse("ciam_sign_in")).content.decode()
    assert page.index("Sign in with a passkey") < page.index("Email me a sign-in code")
    assert 'autocomplete="username webauthn"' in page
    other = pages.get(reverse("ciam_sign_up")).content.decode()
    assert "Sign up with a passkey" in other
    assert "Sign in with a passkey" not in other
    assert "Sign up with a passkey" not in page


# Without a password


@pytest.fixture
def newcomer(pages, db):
    pages.go("ciam_passkey_sign_up", {"email": "new@example.org"})
    return pages


def test_the_address_is_proven_before_a_passkey_is_made(newcomer):
    assert newcomer.go("ciam_add_passkey", {"begin": "1"}).status_code == 302
    assert newcomer.verify(code_in(newest_to("new@example.org"))).url == reverse("ciam_add_passkey")
    passkey = SoftPasskey()
    add(newcomer, passkey)
    newcomer.sign_out()
    sign_in(newcomer, passkey)
    assert newcomer.is_signed_in()
    assert not Passkey.objects.get().user.has_usable_password()


@pytest.mark.parametrize("kind", [App, Browser])
def test_a_program_signs_up_without_a_password_too(kind, db):
    door, passkey = kind(), SoftPasskey()
    door.call("post", "auth/signup", {"email": "new@example.org"})
    door.verify(code_in(newest_to("new@example.org")))
    options = door.post(BASE, content_type="application/json").json()["creation_options"]
    door.post(BASE + "confirm/", {"credential": passkey.make(options)}, content_type="application/json")
    door.sign_out()
    sign_in(door, passkey)
    assert door.is_signed_in()


def test_who_stops_before_the_passkey_signs_in_by_mail(newcomer):
    newcomer.verify(code_in(newest_to("new@example.org")))
    newcomer.sign_out()
    newcomer.ask_for_code("new@example.org")
    newcomer.enter_code(code_in(newest_to("new@example.org")))
    assert newcomer.is_signed_in()


def test_an_address_that_has_an_account_looks_the_same(pages, alice):
    """EN4."""
    answer = pages.go("ciam_passkey_sign_up", {"email": HERS})
    assert answer.url == reverse("ciam_verify_address")
    assert "You have an account" in newest_to(HERS).subject or "account" in newest_to(HERS).body


def test_its_page_asks_for_no_password(pages, db):
    page = pages.go("ciam_passkey_sign_up").content.decode()
    assert 'name="email"' in page
    assert "password" not in page.split("<main")[1].replace("No password to think of", "")


# Adding one


def add(pages, passkey, name="", **otherwise):
    options = options_in(pages.go("ciam_add_passkey", {"begin": "1", "name": name}))
    credential = passkey.make(options, **otherwise)
    return pages.go("ciam_add_passkey", {"credential": json.dumps(credential), "name": name})


@pytest.fixture
def hers(pages, alice):
    """Alice at her browser, just signed in with her password."""
    pages.sign_in(HERS, PASSWORD)
    return pages


def test_a_passkey_is_set_up_on_its_page(hers, alice):
    passkey = SoftPasskey()
    assert add(hers, passkey, name="My phone").url == reverse("ciam_keep_recovery_codes")
    assert [(own.factor.name, own.name) for own in authenticators_of(alice)] == [("passkey", "My phone")]
    assert level_of(hers.session, str(alice.pk)) is Level.AAL2
    hers.sign_out()
    sign_in(hers, passkey)
    assert hers.is_signed_in()


def test_what_was_typed_stays_while_the_browser_asks(hers):
    page = hers.go("ciam_add_passkey", {"begin": "1", "name": "My phone"})
    assert 'value="My phone"' in page.content.decode()


def test_an_altered_one_is_refused_on_the_page(hers):
    page = add(hers, SoftPasskey(), origin="https://evil.example")
    assert page.status_code == 400
    assert "This passkey could not be accepted." in page.content.decode()
    assert not Passkey.objects.exists()


def test_a_passkey_that_is_taken_is_told(hers, bob):
    passkey, _ = with_passkey(bob)
    assert add(hers, passkey).status_code == 409


def test_the_page_says_when_there_are_enough(hers, alice, mfa):
    add(hers, SoftPasskey())
    mfa(MAX_AUTHENTICATORS=1)
    page = hers.go("ciam_add_passkey", {"begin": "1"})
    assert page.status_code == 409
    assert "You have as many of these as you can have." in page.content.decode()


def test_nobody_adds_one_half_signed_in(pages, alice):
    """MF8."""
    with_totp(alice)
    pages.sign_in(HERS, PASSWORD)
    assert pages.go("ciam_add_passkey", {"begin": "1"}).status_code == 302
    assert not Passkey.objects.exists()


def test_nobody_adds_one_long_after_signing_in(hers, noon):
    """MF10."""
    noon.shift(timedelta(minutes=16))
    assert hers.go("ciam_add_passkey", {"begin": "1"}).url.startswith(reverse("ciam_step_up"))


def test_it_shows_again_who_one_is(hers, alice, noon):
    passkey = SoftPasskey()
    add(hers, passkey)
    noon.shift(timedelta(minutes=16))
    assert hers.get(reverse("ciam_add_passkey")).status_code == 302
    key = authenticators_of(alice)[0].key
    options = options_in(hers.go("ciam_step_up", {"authenticator": key, "begin": "1"}))
    hers.go("ciam_step_up", {"authenticator": key, "credential": json.dumps(passkey.get(options))})
    assert hers.get(reverse("ciam_add_passkey")).status_code == 200


def test_a_challenge_of_one_session_enrols_nothing_in_another(hers, alice):
    """MF9: somebody else's browser, signed in as the same person."""
    options = options_in(hers.go("ciam_add_passkey", {"begin": "1"}))
    other = Pages()
    other.sign_in(HERS, PASSWORD)
    credential = SoftPasskey().make(options)
    assert other.go("ciam_add_passkey", {"credential": json.dumps(credential)}).status_code == 400
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("kind", [App, Browser])
def test_a_passkey_is_set_up_by_a_program(kind, alice):
    door, passkey = kind(), SoftPasskey()
    door.sign_in(HERS, PASSWORD)
    started = door.post(BASE, content_type="application/json")
    assert started.status_code == 201
    given = {"credential": passkey.make(started.json()["creation_options"]), "name": "Phone"}
    done = door.post(BASE + "confirm/", given, content_type="application/json")
    assert (done.status_code, [(own["factor"], own["name"]) for own in done.json()]) == (201, [("passkey", "Phone")])
    again = door.post(BASE + "confirm/", given, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (400, "mfa.passkey_refused")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "invalid"),
        ({"credential": []}, "invalid"),
        ({"credential": "text"}, "invalid"),
        ({"credential": {}}, "mfa.passkey_refused"),
        ({"credential": {"id": "AA", "response": {"clientDataJSON": 7}}}, "mfa.passkey_refused"),
        ({"credential": {"id": "x" * 70_000}}, "too_large"),
    ],
    ids=lambda given: str(given)[:30],
)
def test_what_is_no_passkey_is_told_so(app, alice, given, code):
    """MF19."""
    app.sign_in(HERS, PASSWORD)
    app.post(BASE, content_type="application/json")
    refused = app.post(BASE + "confirm/", given, content_type="application/json")
    assert (400 <= refused.status_code < 500, refused.json()["code"]) == (True, code)
    assert not Passkey.objects.exists()


def test_the_page_of_all_factors_tells_authenticators_which_are_left(hers):
    """The Signal API (WebAuthn §5.1.10)."""
    passkey = SoftPasskey()
    add(hers, passkey)
    page = hers.get(reverse("ciam_factors")).content.decode()
    told = json.loads(unescape(re.search(r'data-passkeys-accepted="([^"]*)"', page)[1]))
    assert told == {"rpId": "testserver", "userId": passkey.handle, "allAcceptedCredentialIds": [b64(passkey.id)]}


def test_other_origins_are_told_to_browsers(client, mfa, db):
    """WebAuthn §5.11.1."""
    mfa(RP_ID="shop.example", ORIGINS=("https://shop.example", "https://shop.example.de", "android:apk-key-hash:abc"))
    told = client.get("/.well-known/webauthn")
    assert told.json() == {"origins": ["https://shop.example", "https://shop.example.de"]}
    assert told.headers["Content-Type"] == "application/json"


def test_another_origin_works_once_it_is_named(pages, alice, mfa):
    mfa(ORIGINS=("http://testserver", "https://testserver.example"))
    passkey, _ = with_passkey(alice)
    sign_in(pages, passkey, origin="https://testserver.example")
    assert pages.is_signed_in()


def test_the_scripts_of_a_page_stay_light():
    """PAGES.md: under 15 KB together."""
    files = ("ciam_kernel/ciam.js", "ciam_mfa/passkeys.js")
    assert sum(Path(finders.find(name)).stat().st_size for name in files) < 15_000


def test_the_challenge_is_32_bytes_and_never_the_same(app):
    asked = {begin(app)["challenge"] for _ in range(5)}
    assert {len(unb64(challenge)) for challenge in asked} == {32}
    assert len(asked) == 5
