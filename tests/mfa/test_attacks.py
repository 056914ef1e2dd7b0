"""What somebody tries who has the password, a browser of the owner's, or a moment of their time."""

import json
import logging
import sys
from datetime import timedelta

import pytest
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter

from ciam_core.flows import deactivate
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import AnswerRejected, AuthenticatorUnknown
from ciam_mfa.flows import make_recovery_codes, verify_factor
from ciam_mfa.models import RecoveryCodeSet, TotpAuthenticator
from ciam_mfa.passkeys.flows import sign_in_with_passkey, start_passkey_sign_in
from ciam_mfa.queries import authenticators_of
from ciam_mfa.recovery_codes.factor import recovery_codes
from tests.core.accounts.doors import App, Browser, Pages
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer, session_in
from tests.mfa.people import shows, with_passkey, with_recovery_codes
from tests.mfa.soft_authenticator import b64


@pytest.fixture
def inside(pages, alice, phone):
    """Alice, who has just shown both factors."""
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    return pages


# A browser somebody else has had


def test_what_was_shown_before_a_sign_in_that_never_ended_is_forgotten(pages, alice, phone, noon):
    """MF5: she showed both factors, was asked whether to come back, and walked away from a shared computer."""
    deactivate(alice, origin=SYSTEM)
    pages.sign_in(HERS, PASSWORD)
    answer(pages, f"totp-{phone.pk}", shows(phone))
    noon.shift(timedelta(minutes=20))
    pages.sign_in(HERS, PASSWORD)
    pages.go("ciam_come_back")
    assert not pages.is_signed_in()


@pytest.mark.parametrize("kind", [Pages, Browser])
def test_a_session_that_was_planted_is_worth_nothing_half_way_either(kind, alice, phone, settings):
    """SE1: who planted it would stand at her challenge without having typed a password."""
    hers = kind()
    hers.get(reverse("ciam_sign_in"))
    hers.ask_for_recovery("nobody@example.org")  # whatever makes a session
    planted = hers.session.session_key
    hers.sign_in(HERS, PASSWORD)
    thief = kind()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert "ciam_shown" not in thief.session
    assert thief.session.get("account_login") is None


# Cookies without a token


ENDPOINTS = [
    ("post", "ciam_api_start_passkey", []),
    ("post", "ciam_api_confirm_passkey", []),
    ("post", "ciam_api_start_totp", []),
    ("post", "ciam_api_confirm_totp", []),
    ("post", "ciam_api_recovery_codes", []),
    ("post", "ciam_api_step_up", []),
    ("patch", "ciam_api_authenticator", ["key"]),
    ("delete", "ciam_api_authenticator", ["key"]),
]


def strict(door):
    """The same cookies, and no CSRF token: what a page of somebody else's can send."""
    other = Client(enforce_csrf_checks=True)
    other.cookies = door.cookies
    return other


@pytest.mark.parametrize(("method", "name", "args"), ENDPOINTS)
def test_no_endpoint_takes_a_cookie_alone(inside, alice, phone, method, name, args):
    """SE9."""
    path = reverse(name, args=[f"totp-{phone.pk}" for _ in args])
    before = [own.key for own in authenticators_of(alice)]
    refused = getattr(strict(inside), method)(path, {"name": "x"}, content_type="application/json")
    assert refused.status_code == 403
    assert [own.key for own in authenticators_of(alice)] == before


@pytest.mark.parametrize("path", ["auth/ciam/challenge", "auth/ciam/passkey"])
def test_nor_does_a_door_of_the_browser_s(pages, phone, path):
    pages.sign_in(HERS, PASSWORD)
    given = {"authenticator": f"totp-{phone.pk}", "code": shows(phone), "credential": {}}
    refused = strict(pages).post(f"/_allauth/browser/v1/{path}", given, content_type="application/json")
    assert refused.status_code == 403
    assert not pages.is_signed_in()


@pytest.mark.parametrize("name", ["ciam_challenge", "ciam_challenge_start_again", "ciam_step_up", "ciam_add_totp"])
def test_nor_a_page(inside, phone, name):
    assert strict(inside).post(reverse(name)).status_code == 403


# What is kept by what stands between


def test_nobody_keeps_what_holds_a_secret(inside, app, alice, phone, noon):
    """SE6: secret, codes, challenges; on pages and in JSON."""
    inside.go("ciam_add_totp")
    inside.go("ciam_recovery_codes")
    pages = ["ciam_confirm_totp", "ciam_new_recovery_codes", "ciam_download_recovery_codes", "ciam_offer_passkey"]
    told = [inside.get(reverse(name)) for name in pages]
    told.append(inside.go("ciam_add_passkey", {"begin": "1"}))
    noon.shift(timedelta(seconds=30))
    app.sign_in(HERS, PASSWORD)
    told.append(app.call("get", "auth/ciam/challenge"))
    answer(app, f"totp-{phone.pk}", shows(phone))
    paths = ["totp/", "recovery-codes/", "passkey/"]
    told += [app.post("/api/ciam/v1/factors/" + path, content_type="application/json") for path in paths]
    assert [one.status_code for one in told] == [200] * 6 + [201] * 3
    assert all("no-store" in one.headers["Cache-Control"] for one in told)


# What is written where others read


@pytest.fixture
def reports():
    """The page that Django makes of each error of a request, with the local variables of every frame."""
    made = []

    def note(sender, request, **_):
        made.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    got_request_exception.connect(note)
    yield made
    got_request_exception.disconnect(note)


def breaks(monkeypatch, where):
    """A database that goes away at the worst moment."""

    def fail(*args, **kwargs):
        raise RuntimeError("gone")

    monkeypatch.setattr(where, fail)


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_no_report_of_an_error_holds_an_answer(kind, phone, reports, monkeypatch):
    """ASVS 16.2.5."""
    door = kind(raise_request_exception=False)
    door.sign_in(HERS, PASSWORD)
    code = shows(phone)
    breaks(monkeypatch, "ciam_mfa.totp.factor.step_of")
    assert answer(door, f"totp-{phone.pk}", code).status_code == 500
    assert "gone" in reports[0]
    assert code not in reports[0]


def test_nor_one_of_step_up(app, phone, reports, monkeypatch, noon):
    app.sign_in(HERS, PASSWORD)
    answer(app, f"totp-{phone.pk}", shows(phone))
    noon.shift(timedelta(seconds=30))
    app.raise_request_exception = False
    breaks(monkeypatch, "ciam_mfa.totp.factor.step_of")
    given = {"authenticator": f"totp-{phone.pk}", "code": shows(phone)}
    assert app.post("/api/ciam/v1/step-up/", given, content_type="application/json").status_code == 500
    assert shows(phone) not in reports[0]


@pytest.mark.parametrize("where", ["ciam_mfa.recovery_codes.flows.add", "ciam_mfa.recovery_codes.showing.seal"])
def test_nor_new_recovery_codes(inside, reports, monkeypatch, where):
    known = iter(f"7kmq-2xvd-9a4t-c0h{number}" for number in range(10))
    monkeypatch.setattr("ciam_mfa.recovery_codes.flows.new_code", known.__next__)
    breaks(monkeypatch, where)
    inside.raise_request_exception = False
    assert inside.go("ciam_recovery_codes").status_code == 500
    assert "7kmq-2xvd" not in reports[0]


@pytest.mark.parametrize("where", ["ciam_mfa.totp.views.qr_code", "segno.make"])
def test_nor_the_secret_of_a_new_app(inside, reports, monkeypatch, where):
    inside.go("ciam_add_totp")
    secret = TotpAuthenticator.objects.get(confirmed=False).secret
    breaks(monkeypatch, where)
    inside.raise_request_exception = False
    assert inside.get(reverse("ciam_confirm_totp")).status_code == 500
    assert secret not in reports[0]


def test_no_line_of_the_log_is_written_by_a_stranger(caplog, alice):
    """ASVS 16.4.1: what was signed elsewhere is told, on one line."""
    passkey, _ = with_passkey(alice)
    begun = start_passkey_sign_in()
    given = passkey.get(begun.prompt["request_options"], origin="https://evil.example\nINFO all is well\x1b[2J")
    with caplog.at_level(logging.INFO), pytest.raises(AnswerRejected):
        sign_in_with_passkey(given, state=begun.state, origin=SYSTEM)
    assert caplog.messages
    assert all(line.isprintable() for line in caplog.messages)


def test_no_log_holds_what_was_answered(caplog, inside, alice, phone, noon):
    noon.shift(timedelta(seconds=30))
    codes = make_recovery_codes(alice, origin=SYSTEM)
    other = Pages()
    with caplog.at_level(logging.DEBUG, logger="ciam_mfa"), caplog.at_level(logging.DEBUG, logger="ciam_core"):
        other.sign_in(HERS, PASSWORD)
        answer(other, authenticators_of(alice)[-1].key, codes[0])
    assert other.is_signed_in()
    assert not any(secret in caplog.text for secret in (codes[0], PASSWORD, phone.secret))


# While something changes


def test_a_recovery_code_is_worth_nothing_once_they_are_turned_off(alice):
    """MF3: of a hundred guesses and one right answer at once, the right one may come last."""
    code, *_ = with_recovery_codes(alice)
    own = RecoveryCodeSet.objects.get()
    finding = recovery_codes.evaluate(own, {"code": code}, state={})
    RecoveryCodeSet.objects.update(disabled_at="2026-03-01 12:00+00:00")
    with pytest.raises(AnswerRejected):
        recovery_codes.spend(own, finding, origin=SYSTEM)


@pytest.mark.parametrize("spelled", ["totp-000{}", "totp-{}"])
def test_another_way_to_write_a_key_is_no_second_budget(alice, phone, spelled, mfa):
    """MF4."""
    mfa(FREE_TRIES=2, CEILING=10)
    for _ in range(2):
        with pytest.raises(AnswerRejected):
            verify_factor(alice, spelled.format(phone.pk), answer={"code": "000000"}, origin=SYSTEM)
    with pytest.raises(TooManyAttempts):
        verify_factor(alice, f"totp-{phone.pk}", answer={"code": "000000"}, origin=SYSTEM)


@pytest.mark.parametrize("spelled", ["totp-{} ", "totp-٣", "TOTP-{}", "totp--{}", "totp-{}.0", "totp-+{}", "-{}"])
def test_what_is_no_key_names_nothing(alice, phone, spelled):
    with pytest.raises(AuthenticatorUnknown):
        verify_factor(alice, spelled.format(phone.pk), answer={"code": shows(phone)}, origin=SYSTEM)


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"])
def test_digits_of_any_script_are_read_as_what_they_are(door, phone, digits):
    door.sign_in(HERS, PASSWORD)
    typed = shows(phone).translate({ord("0") + number: digit for number, digit in enumerate(digits)})
    answer(door, f"totp-{phone.pk}", typed)
    assert door.is_signed_in()


@pytest.mark.parametrize("next_url", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "https:evil.example"])
def test_no_page_on_the_way_leads_to_another_site(inside, next_url):
    """Redirects are to this site, or home."""
    inside.go("ciam_recovery_codes")
    told = [
        inside.go("ciam_new_recovery_codes", {"next": next_url}),
        inside.go("ciam_decline_passkeys", {"next": next_url}),
        inside.get(reverse("ciam_keep_recovery_codes"), {"next": next_url}),
    ]
    assert not any("evil" in one.url or "javascript" in one.url for one in told)
    assert next_url not in inside.get(reverse("ciam_offer_passkey"), {"next": next_url}).content.decode()


def test_a_half_login_knows_no_password_and_no_key(pages, alice, phone):
    """MF15: the bytes of the session."""
    passkey, row = with_passkey(alice)
    pages.sign_in(HERS, PASSWORD)
    pages.go("ciam_challenge", {"authenticator": f"passkey-{row.pk}", "begin": "1"})
    kept = json.dumps(dict(session_in(pages).items()))
    assert PASSWORD not in kept and phone.secret not in kept
    assert b64(bytes(row.public_key)) not in kept
    assert passkey.handle not in kept
