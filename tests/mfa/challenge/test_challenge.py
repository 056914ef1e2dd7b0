"""The challenge itself: what it shows, what it takes, and when it is over."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from ciam_core.flows import suspend
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.factors.factor import factors
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS, answer, session_in
from tests.mfa.people import shows, with_recovery_codes, with_totp, wrong
from tests.mfa.pigeon import Pigeon
from tests.statements import data_statements


@pytest.fixture
def asked(door, phone):
    """A door where the password was right."""
    door.sign_in(HERS, PASSWORD)
    return door


def page(door):
    return door.get(reverse("ciam_challenge")).content.decode()


def codes(response):
    return [error["code"] for error in response.json()["errors"]]


def test_clients_are_told_what_is_missing(app, phone):
    response = app.sign_in(HERS, PASSWORD)
    assert response.status_code == 401
    assert {"id": "ciam_mfa", "is_pending": True} in response.json()["data"]["flows"]


def test_it_lists_the_strongest_first(app, alice):
    with_recovery_codes(alice)
    app.sign_in(HERS, PASSWORD)
    told = app.call("get", "auth/ciam/challenge").json()["data"]["authenticators"]
    keys = [own.key for own in authenticators_of(alice)]
    assert told == [
        {"id": keys[0], "factor": "totp", "name": "Phone", "locked_until": None, "left": None},
        {"id": keys[1], "factor": "recovery_codes", "name": "Recovery codes", "locked_until": None, "left": 10},
    ]


def test_another_way_is_in_reach(pages, alice):
    codes = with_recovery_codes(alice)
    pages.sign_in(HERS, PASSWORD)
    other = authenticators_of(alice)[1].key
    assert f'href="?use={other}' in page(pages)
    assert "recovery codes you saved" in pages.get(reverse("ciam_challenge"), {"use": other}).content.decode()
    answer(pages, other, codes[0])
    assert pages.is_signed_in()


def test_the_page_asks_two_statements_for_the_factors(pages, alice, phone):
    """Trap 7: django-otp would ask one for each kind."""
    with_recovery_codes(alice)
    pages.sign_in(HERS, PASSWORD)
    asked = data_statements(lambda: page(pages))
    assert len([sql for sql in asked if "ciam_mfa" in sql or "ciam_kernel_attempt" in sql]) == 2, asked


def test_an_answer_asks_little(pages, alice, phone):
    """Find, count, spend, event, settle; then what any sign-in asks."""
    pages.sign_in(HERS, PASSWORD)
    asked = data_statements(lambda: answer(pages, f"totp-{phone.pk}", shows(phone)))
    its_own = [sql for sql in asked if "ciam_mfa" in sql or "ciam_kernel_attempt" in sql]
    assert len(its_own) == 4, its_own


def test_it_leads_to_where_the_person_was_going(pages, phone):
    pages.go("ciam_sign_in", {"email": HERS, "password": PASSWORD, "next": "/accounts/profile/"})
    assert answer(pages, f"totp-{phone.pk}", shows(phone)).url == "/accounts/profile/"


def test_a_wait_is_shown_with_its_end(asked, phone, noon):
    for _ in range(6):
        answer(asked, f"totp-{phone.pk}", wrong(phone))
    refused = answer(asked, f"totp-{phone.pk}", shows(phone))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    if isinstance(asked, Browser):
        told = asked.call("get", "auth/ciam/challenge").json()["data"]["authenticators"][0]
        assert told["locked_until"] == "2026-03-01T12:00:01+00:00"
    else:
        assert "You can try again at" in page(asked)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"authenticator": "totp-1"},
        {"authenticator": "totp-1", "code": ""},
        {"authenticator": "totp-1", "code": None},
        {"authenticator": "totp-1", "code": {"$ne": ""}},
        {"authenticator": "totp-1", "code": ["0"]},
        {"authenticator": ["totp-1"], "code": "000000"},
        {"authenticator": None},
        {"authenticator": "password-1", "code": PASSWORD},
        {"authenticator": "totp-1", "begin": "true", "code": ""},
        {"authenticator": "totp-0", "code": "000000"},
        {"code": "000000"},
        {"skip": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_what_is_no_answer_fails_closed(kind, body, phone, db):
    """MF19."""
    door = kind()
    door.sign_in(HERS, PASSWORD)
    if kind is Pages:
        response = door.go("ciam_challenge", {name: str(value) for name, value in body.items() if name != "begin"})
    else:
        response = door.call("post", "auth/ciam/challenge", body)
    assert 400 <= response.status_code < 500
    assert not door.is_signed_in()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b'{"authenticator": "\\ud800"}', b"x" * 100_000])
def test_a_garbled_body_fails_closed(app, phone, raw):
    """MF19."""
    app.sign_in(HERS, PASSWORD)
    response = app.generic("POST", "/_allauth/app/v1/auth/ciam/challenge", raw, content_type="application/json")
    assert 400 <= response.status_code < 500
    assert not app.is_signed_in()


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_sign_in_there_is_nothing_to_answer(app, browser, phone, method):
    for door in (app, browser):
        assert door.call(method, "auth/ciam/challenge", None if method == "get" else {}).status_code == 409


def test_without_a_sign_in_the_page_leads_to_one(pages, phone):
    assert pages.get(reverse("ciam_challenge")).url == reverse("ciam_sign_in")
    assert answer(pages, f"totp-{phone.pk}", shows(phone)).url == reverse("ciam_sign_in")


def test_nobody_answers_with_the_app_of_another(asked, bob):
    """Cookie and session of two people mixed."""
    theirs = with_totp(bob)
    answer(asked, f"totp-{theirs.pk}", shows(theirs))
    assert not asked.is_signed_in()


def test_signing_out_half_way_leaves_nothing(asked, phone):
    """MF5."""
    asked.sign_out()
    answer(asked, f"totp-{phone.pk}", shows(phone))
    assert not asked.is_signed_in()


def test_starting_again_leaves_nothing(pages, phone):
    pages.sign_in(HERS, PASSWORD)
    assert pages.go("ciam_challenge_start_again").url == reverse("ciam_sign_in")
    answer(pages, f"totp-{phone.pk}", shows(phone))
    assert not pages.is_signed_in()


def test_it_waits_a_quarter_of_an_hour(asked, phone, noon):
    """Trap 13: however long allauth keeps a sign-in that waits for a mail."""
    noon.shift(timedelta(minutes=15, seconds=1))
    answer(asked, f"totp-{phone.pk}", shows(phone))
    assert not asked.is_signed_in()


def test_a_new_password_ends_it(asked, alice, phone):
    """MF11: whoever recovers the account shuts out who knew the old password."""
    alice.set_password("three ducks on a wooden pier")
    alice.save()
    answer(asked, f"totp-{phone.pk}", shows(phone))
    assert not asked.is_signed_in()


def test_who_was_suspended_meanwhile_does_not_come_in(asked, alice, phone):
    """MF11."""
    suspend(alice, reason="abuse", actor=PersonFactory(), origin=SYSTEM)
    answer(asked, f"totp-{phone.pk}", shows(phone))
    assert not asked.is_signed_in()


def test_the_session_has_another_key_afterwards(pages, phone):
    """SE1."""
    pages.sign_in(HERS, PASSWORD)
    before = pages.session.session_key
    answer(pages, f"totp-{phone.pk}", shows(phone))
    assert pages.session.session_key != before
    stale = Pages()
    stale.cookies["session"] = before
    assert not stale.is_signed_in()


def test_a_code_replayed_in_another_session_opens_nothing(phone, pages):
    """MF1."""
    code = shows(phone)
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", code)
    thief = Pages()
    thief.sign_in(HERS, PASSWORD)
    answer(thief, f"totp-{phone.pk}", code)
    assert (pages.is_signed_in(), thief.is_signed_in()) == (True, False)


def test_somebody_else_signed_in_here_makes_room(pages, bob, phone):
    """SE10: bob's browser, alice recovers on it."""
    pages.sign_in(bob.email, PASSWORD)
    pages.ask_for_recovery(HERS)
    pages.recover(code_in(newest_to(HERS)), "three ducks on a wooden pier")
    answer(pages, f"totp-{phone.pk}", shows(phone))
    assert pages.session["_auth_user_id"] == str(get_user_model().objects.get(email=HERS).pk)


def test_clients_are_told_how_the_person_signed_in(app, phone):
    app.sign_in(HERS, PASSWORD)
    methods = answer(app, f"totp-{phone.pk}", shows(phone)).json()["data"]["methods"]
    assert [(own["method"], own.get("type")) for own in methods] == [("password", None), ("mfa", "totp")]
    shown = session_in(app)["ciam_shown"]["shown"]
    assert {own["method"]: own["amr"] for own in shown} == {"password": ["pwd"], "totp": ["otp"]}


@pytest.fixture
def pigeon():
    bird = Pigeon()
    factors.add(bird.name, bird)
    yield bird
    factors.remove(bird.name)


def test_a_factor_of_a_host_s_own_is_asked_like_the_others(door, alice, phone, pigeon):
    door.sign_in(HERS, PASSWORD)
    key = f"pigeon-{phone.pk}"
    if isinstance(door, Browser):
        begun = door.call("post", "auth/ciam/challenge", {"authenticator": key, "begin": True})
        assert begun.json()["data"] == {"prompt": {"loft": "Phone"}}
        door.call("post", "auth/ciam/challenge", {"authenticator": key, "word": "coo1"})
    else:
        shown = door.get(reverse("ciam_challenge"), {"use": key}).content.decode()
        assert "Send the pigeon" in shown
        assert door.go("ciam_challenge", {"authenticator": key, "begin": "1"}).status_code == 200
        door.go("ciam_challenge", {"authenticator": key, "word": "coo1"})
    assert door.is_signed_in()


def test_what_was_begun_for_one_is_no_help_with_another(app, alice, phone, pigeon):
    tablet = with_totp(alice, name="Tablet")
    app.sign_in(HERS, PASSWORD)
    app.call("post", "auth/ciam/challenge", {"authenticator": f"pigeon-{phone.pk}", "begin": True})
    app.call("post", "auth/ciam/challenge", {"authenticator": f"pigeon-{tablet.pk}", "word": "coo1"})
    assert not app.is_signed_in()
