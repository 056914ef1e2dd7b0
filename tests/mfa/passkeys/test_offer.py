"""Whom a passkey is offered to after a password, and how often; and one that the browser makes by itself."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ciam_core.kernel.assurance import Level, level_of
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.personal_data import export_personal_data
from ciam_mfa.events import PasskeyDemanded
from ciam_mfa.exceptions import AuthenticatorDisabled, AuthenticatorUnknown, NothingToBackUp, PasskeyRefused
from ciam_mfa.flows import add_passkey, demand_passkey, make_recovery_codes, remove_authenticator, start_passkey
from ciam_mfa.models import Passkey, PasskeyOffer, TotpAuthenticator
from ciam_mfa.passkeys.offering import decline_passkeys, offer_passkey
from ciam_mfa.queries import authenticators_of, demands_second_factor
from tests.core.accounts.doors import App, Browser
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.challenge.ways import HERS, session_in
from tests.mfa.passkeys.test_doors import options_in, sign_in
from tests.mfa.people import shows, with_passkey, with_recovery_codes, with_totp
from tests.mfa.soft_authenticator import AT, BE, BS, UP, UV, SoftPasskey

OFFER = "ciam_offer_passkey"


def comes_in(pages, **more):
    """With a password, in a browser that can make passkeys; where it leads."""
    given = {"email": HERS, "password": PASSWORD, "passkeys": "1", **more}
    return pages.go("ciam_sign_in", given).url


def leads_to_offer(url):
    return urlsplit(url).path == reverse(OFFER)


def test_it_is_offered_after_a_password_and_the_goal_is_kept(pages, alice):
    url = comes_in(pages, next="/accounts/profile/?tab=1")
    assert leads_to_offer(url)
    assert parse_qs(urlsplit(url).query) == {"next": ["/accounts/profile/?tab=1"]}
    page = pages.get(url).content.decode()
    assert 'href="/accounts/profile/?tab=1">Not now' in page.replace("\n", "")
    assert "Don’t ask again" in page


def test_it_is_offered_after_the_second_factor_too(pages, alice):
    app = with_totp(alice)
    comes_in(pages, next="/accounts/profile/")
    url = pages.go("ciam_challenge", {"authenticator": f"totp-{app.pk}", "code": shows(app)}).url
    assert leads_to_offer(url)


def test_a_browser_that_cannot_is_led_straight_on(pages, alice):
    assert comes_in(pages, passkeys="", next="/accounts/profile/") == "/accounts/profile/"
    assert not PasskeyOffer.objects.exists()


def test_it_never_leads_off_this_site(pages, alice):
    assert "evil" not in comes_in(pages, next="https://evil.example/")
    page = pages.get(reverse(OFFER), {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
    assert "evil.example" not in pages.go("ciam_decline_passkeys", {"next": "https://evil.example/"}).url


def test_it_is_offered_once_in_a_while(pages, alice, noon, mfa):
    mfa(PASSKEY_OFFERED_EVERY=timedelta(days=10))
    assert leads_to_offer(comes_in(pages))
    pages.sign_out()
    noon.shift(timedelta(days=9))
    assert not leads_to_offer(comes_in(pages))
    pages.sign_out()
    noon.shift(timedelta(days=1))
    assert leads_to_offer(comes_in(pages))


def test_never_is_never_on_every_device(pages, alice, noon):
    url = comes_in(pages, next="/accounts/profile/")
    assert pages.go("ciam_decline_passkeys", {"next": "/accounts/profile/"}).url == "/accounts/profile/"
    assert leads_to_offer(url)
    noon.shift(timedelta(days=4000))
    assert not leads_to_offer(comes_in(type(pages)()))


def test_what_one_says_holds_for_nobody_else_at_this_browser(pages, alice, bob):
    comes_in(pages)
    pages.go("ciam_decline_passkeys")
    pages.sign_out()
    assert leads_to_offer(comes_in(pages, email=bob.email))


def test_who_has_a_passkey_is_offered_none(pages, alice):
    with_passkey(alice)
    assert not offer_passkey(alice, origin=SYSTEM)
    assert not PasskeyOffer.objects.exists()


def test_it_can_be_turned_off(pages, alice, mfa):
    mfa(PASSKEY_OFFERED_EVERY=None)
    assert not leads_to_offer(comes_in(pages))


def test_not_after_a_mailed_code(pages, alice):
    pages.ask_for_code(HERS)
    answer = pages.go("ciam_confirm_sign_in_code", {"code": code_in(newest_to(HERS)), "passkeys": "1"})
    assert pages.is_signed_in()
    assert not leads_to_offer(answer.url)


def test_not_right_after_a_recovery(pages, alice):
    pages.ask_for_recovery(HERS)
    given = {"code": code_in(newest_to(HERS)), "password": "another evening in the hills", "passkeys": "1"}
    answer = pages.go("ciam_recover_code", given)
    assert pages.is_signed_in()
    assert not leads_to_offer(answer.url)


def test_not_after_a_recovery_code(pages, alice):
    codes = with_recovery_codes(alice)
    comes_in(pages)
    key = next(own.key for own in authenticators_of(alice) if own.factor.is_backup)
    answer = pages.go("ciam_challenge", {"authenticator": key, "code": codes[0]})
    assert pages.is_signed_in()
    assert not leads_to_offer(answer.url)


def test_not_while_there_is_something_else_to_do(pages, alice):
    type(alice).objects.filter(pk=alice.pk).update(password_breached_at=timezone.now())
    assert not leads_to_offer(comes_in(pages))
    assert not PasskeyOffer.objects.exists()


@pytest.mark.parametrize("kind", [App, Browser])
def test_programs_are_led_nowhere(kind, alice):
    door = kind()
    answer = door.call("post", "auth/login", {"email": HERS, "password": PASSWORD})
    assert answer.status_code == 200
    assert not PasskeyOffer.objects.exists()


def test_the_overview_does_not_ask_a_second_time(pages, alice, noon):
    pages.sign_in(HERS, PASSWORD)
    assert "Protect your account" in pages.get(reverse("ciam_overview")).content.decode()
    offer_passkey(alice, origin=SYSTEM)
    assert "Protect your account" not in pages.get(reverse("ciam_overview")).content.decode()
    decline_passkeys(alice, origin=SYSTEM)
    assert "Protect your account" not in pages.get(reverse("ciam_overview")).content.decode()


def test_the_page_is_for_people_who_are_signed_in(client, db):
    for name in (OFFER, "ciam_decline_passkeys"):
        assert urlsplit(client.post(reverse(name)).url).path == reverse("ciam_sign_in")


def test_declining_takes_the_token_of_the_page(pages, alice):
    comes_in(pages)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = pages.cookies
    assert strict.post(reverse("ciam_decline_passkeys")).status_code == 403
    assert PasskeyOffer.objects.get().again_at is not None


def test_what_is_kept_is_handed_out(alice):
    offer_passkey(alice, origin=SYSTEM)
    assert len(export_personal_data(str(alice.pk))["ciam_mfa.PasskeyOffer"]) == 1


# Adding it there


def begin(pages, **more):
    return options_in(pages.go(OFFER, {"begin": "1", "next": "/accounts/profile/", **more}))


def hand_in(pages, credential):
    return pages.go(OFFER, {"credential": json.dumps(credential), "next": "/accounts/profile/"})


@pytest.fixture
def hers(pages, alice):
    """Alice at the page, a moment after her password."""
    assert leads_to_offer(comes_in(pages))
    return pages


def test_a_passkey_is_made_there_and_the_way_goes_on_by_the_recovery_codes(hers, alice):
    answer = hand_in(hers, SoftPasskey().make(begin(hers)))
    assert demands_second_factor(authenticators_of(alice))
    assert level_of(hers.session, str(alice.pk)) is Level.AAL2
    assert urlsplit(answer.url).path == reverse("ciam_keep_recovery_codes")
    assert "Your passkey is set up." in hers.get(answer.url).content.decode()
    assert hers.go("ciam_keep_recovery_codes").url == reverse("ciam_new_recovery_codes")
    assert hers.go("ciam_new_recovery_codes").url == "/accounts/profile/"


def test_who_comes_back_to_the_page_is_led_on(hers):
    hand_in(hers, SoftPasskey().make(begin(hers)))
    assert hers.get(reverse(OFFER), {"next": "/accounts/profile/"}).url == "/accounts/profile/"


# By itself: WebAuthn §5.1.3, ``mediation: "conditional"``


UNSEEN = AT | BE | BS
"""Nobody was asked: neither present nor verified."""


def by_itself(alice, passkey, **otherwise):
    begun = start_passkey(alice, automatic=True, origin=SYSTEM)
    made = passkey.make(begun.prompt["creation_options"], **{"flags": UNSEEN, **otherwise})
    return add_passkey(alice, made, state=begun.state, origin=SYSTEM)


def test_it_is_asked_for_as_one_that_signs_in_alone_and_where_there_is_none(hers, alice):
    asked = begin(hers, automatic="1")
    assert asked["authenticatorSelection"] == {"residentKey": "required", "userVerification": "preferred"}
    with_passkey(alice)
    assert (
        len(start_passkey(alice, automatic=True, origin=SYSTEM).prompt["creation_options"]["excludeCredentials"]) == 1
    )


def test_the_browser_makes_one_without_a_word_and_the_owner_is_told(hers, alice):
    mail.outbox.clear()
    answer = hand_in(hers, SoftPasskey(synced=True).make(begin(hers, automatic="1"), flags=UNSEEN))
    assert answer.url == "/accounts/profile/"
    row = Passkey.objects.get()
    assert (row.is_demanded, row.uv_initialized) == (False, False)
    assert "(Passkey) was added to your account" in mail.outbox[0].body


def test_it_shows_nothing_so_the_session_is_no_surer(hers, alice):
    """Whoever has the password alone must not reach AAL2 by a passkey that nobody touched."""
    hand_in(hers, SoftPasskey(synced=True).make(begin(hers, automatic="1"), flags=UNSEEN | UP | UV))
    assert level_of(hers.session, str(alice.pk)) is Level.AAL1


def test_it_signs_in_as_any_other(pages, alice):
    passkey = SoftPasskey(synced=True)
    by_itself(alice, passkey)
    sign_in(pages, passkey)
    assert pages.is_signed_in()
    assert level_of(session_in(pages), str(alice.pk)) is Level.AAL2


def test_nobody_is_locked_out_by_what_they_did_not_choose(door, alice):
    """On another device there is only the password: it opens the account as before."""
    by_itself(alice, SoftPasskey(synced=True))
    door.sign_in(HERS, PASSWORD)
    assert door.is_signed_in()
    assert not demands_second_factor(authenticators_of(alice))
    with pytest.raises(NothingToBackUp):
        make_recovery_codes(alice, origin=SYSTEM)


def test_who_has_nothing_else_confirms_with_the_password(pages, alice, noon):
    by_itself(alice, SoftPasskey(synced=True))
    pages.sign_in(HERS, PASSWORD)
    noon.shift(timedelta(minutes=16))
    where = pages.get(reverse("ciam_add_passkey")).url
    assert urlsplit(pages.get(where).url).path == reverse("ciam_reauthenticate")


def test_it_stays_when_the_last_that_is_asked_for_goes(alice):
    app = with_totp(alice)
    by_itself(alice, SoftPasskey(synced=True))
    remove_authenticator(alice, f"totp-{app.pk}", origin=SYSTEM)
    assert [own.factor.name for own in authenticators_of(alice)] == ["passkey"]


def test_the_list_says_that_it_is_not_asked_for(pages, app, alice):
    by_itself(alice, SoftPasskey(synced=True))
    pages.sign_in(HERS, PASSWORD)
    assert "you are not asked for it" in pages.get(reverse("ciam_factors")).content.decode()
    app.sign_in(HERS, PASSWORD)
    assert [own["demanded"] for own in app.get("/api/ciam/v1/factors/").json()] == [False]


@pytest.mark.parametrize("flags", [AT, AT | UV, UNSEEN], ids=["absent", "verified, they say", "as if by itself"])
def test_somebody_must_be_there_unless_it_was_begun_as_automatic(alice, flags):
    """MF17: an answer cannot choose which rules it is judged by."""
    begun = start_passkey(alice, origin=SYSTEM)
    made = SoftPasskey().make(begun.prompt["creation_options"], flags=flags)
    with pytest.raises(PasskeyRefused):
        add_passkey(alice, made, state=begun.state, origin=SYSTEM)
    assert not Passkey.objects.exists()


def test_the_two_kinds_of_page_share_no_challenge(hers, alice):
    """Begun as automatic, and handed in on the page for those who press a button: it stays what it was begun as."""
    options = begin(hers, automatic="1")
    made = SoftPasskey(synced=True).make(options, flags=UNSEEN | UP | UV)
    hers.go("ciam_add_passkey", {"credential": json.dumps(made), "name": ""})
    assert [row.is_demanded for row in Passkey.objects.all()] == [False]
    assert level_of(hers.session, str(alice.pk)) is Level.AAL1


def test_only_after_a_password(pages, alice):
    pages.ask_for_code(HERS)
    pages.enter_code(code_in(newest_to(HERS)))
    assert pages.go(OFFER, {"begin": "1", "automatic": "1"}).status_code == 400
    assert options_in(pages.go(OFFER, {"begin": "1"}))


def test_only_soon_after_it(pages, alice, noon):
    comes_in(pages)
    noon.shift(timedelta(minutes=16))
    assert urlsplit(pages.go(OFFER, {"begin": "1", "automatic": "1"}).url).path == reverse("ciam_step_up")


def test_with_another_factor_only_where_that_was_shown(pages, alice):
    """N11: half signed in is not enough."""
    app = with_totp(alice)
    comes_in(pages)
    assert pages.go(OFFER, {"begin": "1", "automatic": "1"}).status_code == 302
    pages.go("ciam_challenge", {"authenticator": f"totp-{app.pk}", "code": shows(app)})
    hand_in(pages, SoftPasskey(synced=True).make(begin(pages, automatic="1"), flags=UNSEEN))
    assert Passkey.objects.get().is_demanded is False


def test_it_can_be_turned_off_alone(hers, mfa):
    mfa(AUTOMATIC_PASSKEYS=False)
    assert "data-passkey-automatic" not in hers.get(reverse(OFFER)).content.decode()
    assert hers.go(OFFER, {"begin": "1", "automatic": "1"}).status_code == 400
    assert begin(hers)


def test_a_stranger_s_answer_to_it_is_none(hers, alice, db):
    mallory = PersonFactory(email="mallory@example.org")
    begun = start_passkey(alice, automatic=True, origin=SYSTEM)
    made = SoftPasskey().make(begun.prompt["creation_options"])
    with pytest.raises(PasskeyRefused):
        add_passkey(mallory, made, state=begun.state, origin=SYSTEM)


# Choosing it afterwards


@pytest.fixture
def made(alice):
    return by_itself(alice, SoftPasskey(synced=True))


def test_the_owner_may_want_to_be_asked_for_it(pages, alice, made, recorded):
    pages.sign_in(HERS, PASSWORD)
    key = f"passkey-{made.pk}"
    assert "Ask me for it from now on" in pages.get(reverse("ciam_authenticator", args=[key])).content.decode()
    assert pages.go("ciam_demand_passkey", {}, key).url == reverse("ciam_keep_recovery_codes")
    assert [event.authenticator for event in recorded(PasskeyDemanded)] == [key]
    pages.sign_out()
    pages.sign_in(HERS, PASSWORD)
    assert not pages.is_signed_in()


def test_wanting_it_twice_tells_once(alice, made, recorded):
    for _ in range(2):
        demand_passkey(alice, f"passkey-{made.pk}", origin=SYSTEM)
    assert len(recorded(PasskeyDemanded)) == 1


def test_only_a_passkey_of_one_s_own(alice, bob, made):
    app = with_totp(alice)
    TotpAuthenticator.objects.filter(pk=app.pk).update(id=made.pk)  # the same number in another table
    for person, key in ((bob, f"passkey-{made.pk}"), (alice, f"totp-{made.pk}")):
        with pytest.raises(AuthenticatorUnknown):
            demand_passkey(person, key, origin=SYSTEM)
    assert not Passkey.objects.get().is_demanded


def test_one_that_was_turned_off_locks_nobody_out(alice, made):
    Passkey.objects.update(disabled_at=timezone.now())
    with pytest.raises(AuthenticatorDisabled):
        demand_passkey(alice, f"passkey-{made.pk}", origin=SYSTEM)


def test_it_takes_a_recent_sign_in(pages, alice, made, noon):
    pages.sign_in(HERS, PASSWORD)
    noon.shift(timedelta(minutes=16))
    answer = pages.go("ciam_demand_passkey", {}, f"passkey-{made.pk}")
    assert urlsplit(answer.url).path == reverse("ciam_step_up")


def test_not_on_the_way_from_a_sign_up(pages, db):
    pages.sign_up("new@example.org", "a wide and quiet river")
    answer = pages.go("ciam_verify_address", {"code": code_in(newest_to("new@example.org")), "passkeys": "1"})
    assert pages.is_signed_in()
    assert not leads_to_offer(answer.url)


def test_a_program_that_ends_a_sign_in_begun_on_a_page_uses_no_offer_up(pages, alice):
    app = with_totp(alice)
    comes_in(pages)
    given = json.dumps({"authenticator": f"totp-{app.pk}", "code": shows(app)})
    path = "/_allauth/browser/v1/auth/ciam/challenge"
    assert pages.post(path, given, content_type="application/json").status_code == 200
    assert not PasskeyOffer.objects.exists()
