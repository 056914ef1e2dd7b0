"""Not being asked again: who is spared, for how long, and what ends it (N17)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import SafeExceptionReporterFilter

from ciam_core.flows import reinstate, suspend
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.personal_data import export_personal_data
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.secrets import token_digest
from ciam_mfa.events import TrustedBrowserAdded, TrustedBrowserRemoved, TrustedBrowsersRemoved
from ciam_mfa.flows import (
    end_trusted_browser,
    end_trusted_browsers,
    make_recovery_codes,
    recognise_browser,
    remove_authenticator,
    trust_browser,
)
from ciam_mfa.models import HeldRequest, TotpAuthenticator, TrustedBrowser
from ciam_mfa.queries import trusted_browsers_of
from ciam_mfa.settings import conf
from ciam_mfa.tasks import sweep
from ciam_mfa.trusted_browsers.flows import MOST
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS
from tests.mfa.people import shows, with_totp, wrong
from tests.mfa.trusted_browsers.trusting import COOKIE, answer, show, token_of, trusting
from tests.statements import data_statements

BROWSER = Origin(channel=Channel.BROWSER)
APP = Origin(channel=Channel.APP)


def spared(door, person=None):
    """Whether the password is enough."""
    door.sign_in(person.email if person else HERS, PASSWORD)
    inside = door.is_signed_in()
    if inside:
        door.sign_out()
    return inside


def spared_by_code(door):
    door.ask_for_code(HERS)
    door.enter_code(code_in(newest_to(HERS)))
    return door.is_signed_in()


# What is given


def test_who_does_not_ask_for_it_is_asked_again(door, alice, phone, noon):
    door.sign_in(HERS, PASSWORD)
    answer(door, phone, trust=False)
    door.sign_out()
    assert token_of(door) is None
    assert not spared(door)
    assert not TrustedBrowser.objects.exists()


def test_a_wrong_answer_is_trusted_with_nothing(door, phone):
    door.sign_in(HERS, PASSWORD)
    answer(door, phone, code=wrong(phone))
    assert token_of(door) is None
    assert not TrustedBrowser.objects.exists()


def test_the_cookie_is_for_this_host_and_no_script(at_home):
    cookie = at_home.cookies[COOKIE]
    kept = {name: cookie[name] for name in ("httponly", "samesite", "path", "domain", "max-age")}
    assert kept == {"httponly": True, "samesite": "Lax", "path": "/", "domain": "", "max-age": 30 * 86400}
    assert not cookie["secure"]  # http, in development


def test_over_https_its_name_is_bound_to_the_host(pages, alice, phone, settings):
    settings.SESSION_COOKIE_SECURE = True
    pages.defaults.update({"wsgi.url_scheme": "https"})
    pages.sign_in(HERS, PASSWORD)
    answer(pages, phone)
    assert pages.cookies["__Host-trust-token"]["secure"]
    assert COOKIE not in pages.cookies


def test_an_app_is_told_its_token_this_once(app, alice, phone):
    app.sign_in(HERS, PASSWORD)
    told = answer(app, phone).json()["meta"]["trusted_device_token"]
    assert TrustedBrowser.objects.get().digest == token_digest(told)
    assert told not in app.call("get", "auth/session").content.decode()


def test_the_row_keeps_a_digest_and_no_token(trusted):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ciam_mfa_trustedbrowser")
        assert token_of(trusted) not in str(cursor.fetchall())


def test_an_error_report_holds_no_token():
    """What Django mails to ``ADMINS`` when a view fails."""
    given = {COOKIE: "a token", "__Host-trust-token": "a token"}
    request = RequestFactory(headers={"X-Trusted-Device-Token": "a token"}).get("/")
    request.COOKIES = given
    report = SafeExceptionReporterFilter()
    assert report.get_safe_cookies(request).keys() == given.keys()
    assert "a token" not in str([report.get_safe_cookies(request), report.get_safe_request_meta(request)])


def test_it_is_told_and_on_record(pages, phone, recorded):
    pages.sign_in(HERS, PASSWORD)
    answer(pages, phone)
    row = TrustedBrowser.objects.get()
    assert [event.browser_id for event in recorded(TrustedBrowserAdded)] == [str(row.pk)]
    assert newest_to(HERS).subject == "Shop: a browser is trusted"
    assert "for 30 days" in newest_to(HERS).body


def test_clients_are_told_for_how_long_it_is_offered(app, phone, mfa):
    app.sign_in(HERS, PASSWORD)
    assert app.call("get", "auth/ciam/challenge").json()["data"]["trust_lifetime"] == 30 * 86400
    mfa(TRUST_LIFETIME=None)
    assert app.call("get", "auth/ciam/challenge").json()["data"]["trust_lifetime"] is None


def test_the_tick_is_not_set_and_stays_after_a_wrong_code(pages, phone):
    pages.sign_in(HERS, PASSWORD)
    page = pages.get(reverse("ciam_challenge")).content.decode()
    assert 'name="trust" value="1" id="id_trust">' in page
    assert "Do not ask on this browser for 30 days" in page
    assert 'id="id_trust" checked>' in answer(pages, phone, code=wrong(phone)).content.decode()


@pytest.mark.parametrize("lifetime", [None, timedelta(0)])
def test_a_host_may_turn_it_off(pages, alice, phone, noon, mfa, lifetime):
    before = trusting(Pages(), alice, phone, noon)
    mfa(TRUST_LIFETIME=lifetime)
    pages.sign_in(HERS, PASSWORD)
    assert 'name="trust"' not in pages.get(reverse("ciam_challenge")).content.decode()
    answer(pages, phone)
    assert pages.is_signed_in()
    assert token_of(pages) is None
    assert not spared(before)


@pytest.mark.parametrize("lifetime", [timedelta(hours=23), timedelta(days=366), timedelta(days=-1)])
def test_a_lifetime_beyond_reason_is_told_at_start(mfa, lifetime):
    mfa(TRUST_LIFETIME=lifetime)
    assert [found.id for found in conf.check()] == ["ciam_mfa.E004"]


# How far it goes


def test_step_up_still_asks(at_home):
    """The level is that of the first factor."""
    at_home.sign_in(HERS, PASSWORD)
    assert at_home.is_signed_in()
    assert at_home.get(reverse("ciam_add_totp")).url.startswith(reverse("ciam_step_up"))


def test_an_endpoint_still_asks(app, alice, phone, noon):
    trusting(app, alice, phone, noon).sign_in(HERS, PASSWORD)
    refused = app.post("/api/ciam/v1/factors/totp/", {}, content_type="application/json")
    assert {"code": "step_up_required", "level": "aal2"}.items() <= refused.json().items()


def test_step_up_offers_no_trust(at_home, phone):
    at_home.sign_in(HERS, PASSWORD)
    assert 'name="trust"' not in at_home.get(reverse("ciam_step_up")).content.decode()
    at_home.cookies.pop(COOKIE)
    at_home.go("ciam_step_up", {"authenticator": f"totp-{phone.pk}", "code": shows(phone), "trust": "1"})
    assert COOKIE not in at_home.cookies
    assert TrustedBrowser.objects.count() == 1


def test_staff_are_always_asked(at_home, alice, phone):
    """Trap 12: the admin lets in whoever is signed in as staff, at whatever level."""
    get_user_model().objects.filter(pk=alice.pk).update(is_staff=True)
    assert not spared(at_home)
    assert 'name="trust"' not in at_home.get(reverse("ciam_challenge")).content.decode()
    answer(at_home, phone)
    assert at_home.is_signed_in()
    assert TrustedBrowser.objects.count() == 1


def test_no_token_is_good_for_the_admin(alice, phone):
    token = trust_browser(alice, origin=BROWSER)
    assert not recognise_browser(alice, token, origin=Origin(channel=Channel.ADMIN))
    assert trust_browser(alice, origin=Origin(channel=Channel.ADMIN)) == trust_browser(alice, origin=SYSTEM) == ""


def test_it_lasts_thirty_days_from_when_it_was_given(trusted, noon):
    noon.shift(timedelta(days=29))
    assert spared(trusted)
    noon.shift(timedelta(days=1))
    assert not spared(trusted)


def test_a_shorter_lifetime_holds_at_once(trusted, noon, mfa):
    noon.shift(timedelta(days=8))
    mfa(TRUST_LIFETIME=timedelta(days=9))
    assert spared(trusted)
    mfa(TRUST_LIFETIME=timedelta(days=7))
    assert not spared(trusted)


def test_a_longer_lifetime_is_for_what_comes(trusted, noon, mfa):
    mfa(TRUST_LIFETIME=timedelta(days=60))
    noon.shift(timedelta(days=31))
    assert not spared(trusted)


def test_its_use_is_noted(at_home, noon):
    assert TrustedBrowser.objects.get().last_used_at is None
    spared(at_home)
    assert TrustedBrowser.objects.get().last_used_at.isoformat() == "2026-03-01T12:01:00+00:00"


def test_a_sign_in_costs_one_statement_more(at_home, alice):
    plain = PersonFactory(email="carol@example.org")
    other = Pages()
    for door, person in ((other, plain), (at_home, alice)):
        door.sign_in(person.email, PASSWORD)
        door.sign_out()
    without = data_statements(lambda: other.sign_in(plain.email, PASSWORD))
    with_trust = data_statements(lambda: at_home.sign_in(HERS, PASSWORD))
    assert len(with_trust) == len(without) + 1, with_trust


def test_without_a_token_it_costs_nothing(pages, phone):
    asked = data_statements(lambda: pages.sign_in(HERS, PASSWORD))
    assert not [sql for sql in asked if "trustedbrowser" in sql]


# Whose it is


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "{token}x", "{digest}", "ünïcode", "\x00", " "])
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_what_is_no_token_spares_nobody(kind, token, alice, phone, noon):
    door = trusting(kind(), alice, phone, noon)
    row = TrustedBrowser.objects.get()
    shown = token.format(token=token_of(door), digest=row.digest)
    if kind is App:
        show(door, shown)
    else:
        door.cookies[COOKIE] = shown
    assert not spared(door)


def test_another_person_s_browser_is_not_mine(trusted, alice, bob, tablet, phone):
    assert not spared(trusted, bob)
    answer(trusted, tablet, trust=False)
    assert trusted.is_signed_in()
    trusted.sign_out()
    assert spared(trusted, alice)


def test_people_who_have_no_password_are_told_apart(alice, bob, phone, tablet):
    """A host that signs its people in elsewhere leaves it empty: what is bound to it is the same for all."""
    for person in (alice, bob):
        person.password = ""
    token = trust_browser(alice, origin=BROWSER)
    assert not recognise_browser(bob, token, origin=BROWSER)
    assert recognise_browser(alice, token, origin=BROWSER)


def test_two_people_of_one_browser_trust_it_each_for_themselves(trusted, alice, bob, tablet, noon):
    first = token_of(trusted)
    trusting(trusted, bob, tablet, noon)
    assert token_of(trusted) != first
    assert (spared(trusted, alice), spared(trusted, bob)) == (True, True)
    end_trusted_browsers(bob, origin=SYSTEM)
    assert (spared(trusted, alice), spared(trusted, bob)) == (True, False)


def test_a_token_that_was_planted_opens_nothing(alice, phone, bob, tablet, noon):
    """Bob trusts a browser, keeps the token, and puts it where alice signs in next."""
    planted = token_of(trusting(Pages(), bob, tablet, noon))
    shared = Pages()
    shared.cookies[COOKIE] = planted
    trusting(shared, alice, phone, noon)
    thief = Pages()
    thief.cookies[COOKIE] = planted
    assert not spared(thief, alice)


def test_an_app_s_token_is_no_cookie_and_the_reverse(app, at_home, alice, phone, noon):
    trusting(app, alice, phone, noon)
    thief = Pages()
    thief.cookies[COOKIE] = token_of(app)
    stolen = App()
    show(stolen, token_of(at_home))
    assert (spared(thief), spared(stolen)) == (False, False)
    thief.defaults["HTTP_X_TRUSTED_DEVICE_TOKEN"] = token_of(at_home)
    thief.cookies.pop(COOKIE)
    assert not spared(thief)


def test_one_browser_is_one_row(at_home, alice, phone, noon, recorded):
    first = TrustedBrowser.objects.get()
    alice.set_password("three ducks on a wooden pier")
    alice.save()
    at_home.sign_in(HERS, "three ducks on a wooden pier")
    answer(at_home, phone)
    assert TrustedBrowser.objects.get().pk != first.pk
    assert [(own.browser_id, own.reason) for own in recorded(TrustedBrowserRemoved)] == [(str(first.pk), "replaced")]


def test_nobody_has_more_than_twenty(alice, noon):
    tokens = []
    for _ in range(MOST + 1):
        tokens.append(trust_browser(alice, origin=BROWSER))
        noon.shift(1)
    assert TrustedBrowser.objects.count() == MOST
    assert not recognise_browser(alice, tokens[0], origin=BROWSER)
    assert all(recognise_browser(alice, token, origin=BROWSER) for token in tokens[1:])


# What ends it


def test_a_new_password_ends_it_also_where_the_owner_stays(trusted):
    trusted.sign_in(HERS, PASSWORD)
    trusted.change_password(PASSWORD, "three ducks on a wooden pier")
    assert not TrustedBrowser.objects.exists()
    trusted.sign_out()
    trusted.sign_in(HERS, "three ducks on a wooden pier")
    assert not trusted.is_signed_in()


def test_a_new_password_ends_it_without_our_flows(trusted, alice):
    """A host's own form, a script, ``manage.py changepassword``."""
    alice.set_password(PASSWORD)
    alice.save()
    assert not spared(trusted)
    assert TrustedBrowser.objects.count() == 1


@pytest.fixture
def long_held(phone):
    """Who takes the account back keeps the app."""
    TotpAuthenticator.objects.update(created_at="2026-01-01T00:00:00Z")


def test_locking_the_account_ends_it(trusted, long_held):
    """By the link in the very mail that told of it."""
    Pages().use_link(link_in(newest_to(HERS)))
    assert not spared_by_code(trusted)


def test_suspension_ends_it(trusted, alice):
    suspend(alice, reason="abuse", actor=None, origin=SYSTEM)
    reinstate(alice, reason="mistake", actor=None, origin=SYSTEM)
    assert not spared(trusted)


@pytest.mark.parametrize(
    "reason", ["address_change_undone", "deactivated", "deletion_scheduled", "came_back", "a reason of a host's"]
)
def test_whatever_ends_access_ends_it(trusted, alice, long_held, recorded, reason):
    with transaction.atomic():
        end_all_access(alice, reason=reason)
    assert [(own.removed, own.reason) for own in recorded(TrustedBrowsersRemoved)] == [(1, reason)]
    assert not spared(trusted)


def test_ending_it_elsewhere_ends_it_here(trusted, alice, recorded):
    row = trusted_browsers_of(alice).get()
    end_trusted_browser(alice, row.pk, origin=SYSTEM)
    assert [(own.browser_id, own.reason) for own in recorded(TrustedBrowserRemoved)] == [(str(row.pk), "chosen")]
    assert token_of(trusted)
    assert not spared(trusted)


def test_another_person_ends_nothing(at_home, bob, tablet):
    end_trusted_browsers(bob, origin=SYSTEM)
    remove_authenticator(bob, f"totp-{tablet.pk}", origin=SYSTEM)
    with transaction.atomic():
        end_all_access(bob, reason="suspended")
    assert spared(at_home)


def test_a_factor_that_goes_takes_it_along(trusted, alice, phone, recorded):
    """The phone that is lost may be the browser that is trusted."""
    other = with_totp(alice, name="Tablet")
    remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)
    assert [own.reason for own in recorded(TrustedBrowsersRemoved)] == ["factor_removed"]
    assert not spared(trusted)
    answer(trusted, other)
    assert trusted.is_signed_in()


def test_new_recovery_codes_in_the_place_of_old_ones_end_it(at_home, alice):
    make_recovery_codes(alice, origin=SYSTEM)
    assert spared(at_home)
    make_recovery_codes(alice, origin=SYSTEM)
    assert not spared(at_home)


def test_a_factor_that_comes_leaves_it(at_home, alice):
    with_totp(alice, name="Tablet")
    assert spared(at_home)


def test_a_factor_that_was_turned_off_leaves_it(at_home, phone, noon):
    """Somebody guesses elsewhere: here its owner still gets in."""
    TotpAuthenticator.objects.filter(pk=phone.pk).update(disabled_at="2026-03-01T12:00:00Z")
    assert spared(at_home)


def test_a_new_secret_key_leaves_it_while_the_old_one_is_a_fallback(alice, settings):
    token = trust_browser(alice, origin=BROWSER)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another " * 8
    assert not recognise_browser(alice, token, origin=BROWSER)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert recognise_browser(alice, token, origin=BROWSER)
    settings.SECRET_KEY_FALLBACKS = []
    assert recognise_browser(alice, token, origin=BROWSER)


def test_the_sweep_takes_what_has_expired(at_home, alice, noon):
    HeldRequest.objects.create(user=alice, sealed="", expires_at="2026-03-01T12:10:00Z")
    sweep()
    assert (TrustedBrowser.objects.count(), HeldRequest.objects.count()) == (1, 1)
    noon.shift(timedelta(days=30))
    sweep()
    assert (TrustedBrowser.objects.count(), HeldRequest.objects.count()) == (0, 0)


def test_it_is_handed_out_with_what_is_held(at_home, alice):
    [row] = export_personal_data(str(alice.pk))["ciam_mfa.TrustedBrowser"]
    assert row.keys() == {"channel", "agent", "created_at", "last_used_at", "expires_at"}


# What clients send


@pytest.mark.parametrize("trust", ["true", "1", 1, 0, None, [], [True], {}, {"days": 365}], ids=str)
@pytest.mark.parametrize("kind", [Browser, App])
def test_what_is_no_yes_or_no_is_told_before_the_code_is_spent(kind, trust, phone, db):
    door = kind()
    door.sign_in(HERS, PASSWORD)
    refused = answer(door, phone, trust=trust)
    assert refused.status_code == 400
    assert [(own["code"], own["param"]) for own in refused.json()["errors"]] == [("invalid", "trust")]
    assert not door.is_signed_in()
    answer(door, phone)
    assert door.is_signed_in()


def test_there_is_no_trust_without_an_answer(app, phone):
    app.sign_in(HERS, PASSWORD)
    assert app.call("post", "auth/ciam/challenge", {"trust": True}).status_code == 404
    assert not TrustedBrowser.objects.exists()
    assert mails_to(HERS) == [] or "trusted" not in newest_to(HERS).subject
