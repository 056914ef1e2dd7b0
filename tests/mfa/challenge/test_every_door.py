"""Invariant 1, MF6, MF7, MF15: a second factor is demanded at every door there is, and before it nothing is open."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.events import SignedIn
from ciam_core.kernel.assurance import Level, level_of
from ciam_core.kernel.origin import SYSTEM
from ciam_core.models import Session
from ciam_mfa.exceptions import ChallengeRequired
from tests.architecture.test_documents import doors
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, newest_to
from tests.core.accounts.phones.conftest import HERS as NUMBER
from tests.core.federation.conftest import _hostile, provider  # noqa: F401  # fixtures
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.people import shows, with_totp, wrong

pytestmark = pytest.mark.django_db

DOORS = {
    "ciam_sign_in": (Pages, ways.password),
    "ciam_confirm_sign_in_code": (Pages, ways.code),
    "ciam_confirm_sign_in_code by text": (Pages, ways.text),
    "ciam_use_link": (Pages, ways.sign_in_link),
    "ciam_recover_code": (Pages, ways.recovery_code),
    "ciam_set_new_password": (Pages, ways.recovery_link),
    "ciam_come_back": (Pages, ways.come_back),
    "ciam_federation_callback": (Pages, ways.identity),
    "admin:login": (Pages, ways.admin),
    "ciam_browser_auth_login": (Browser, ways.password),
    "ciam_browser_auth_code_confirm": (Browser, ways.code),
    "ciam_browser_auth_code_confirm by text": (Browser, ways.text),
    "ciam_browser_auth_password_reset": (Browser, ways.recovery_code),
    "ciam_browser_auth_come-back": (Browser, ways.come_back),
    "ciam_browser_auth_provider_token": (Browser, ways.id_token),
    "ciam_app_auth_login": (App, ways.password),
    "ciam_app_auth_code_confirm": (App, ways.code),
    "ciam_app_auth_code_confirm by text": (App, ways.text),
    "ciam_app_auth_password_reset": (App, ways.recovery_code),
    "ciam_app_auth_come-back": (App, ways.come_back),
    "ciam_app_auth_provider_token": (App, ways.id_token),
}
FOR_WHO_IS_NEW = {
    "ciam_verify_address",
    "ciam_browser_auth_email_verify",
    "ciam_app_auth_email_verify",
    "ciam_federation_continue",
    "ciam_browser_auth_provider_signup",
    "ciam_app_auth_provider_signup",
    "ciam_verify_number",
    "ciam_browser_auth_phone_verify",
    "ciam_app_auth_phone_verify",
}
"""Nobody has a factor who comes in here for the first time; who gets one meanwhile meets the gate (below, and in
``test_by_number``)."""

TWO_FACTORS_AT_ONCE = {"ciam_passkey_sign_in", "ciam_browser_auth_ciam_passkey", "ciam_app_auth_ciam_passkey"}
"""A passkey that has checked who holds it; one that has not opens nothing (tests/mfa/passkeys/test_doors.py)."""


@pytest.fixture
def world(request, settings, alice, phone):
    """Alice, who has an app; what a door needs besides, by the name of its fixture."""
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    made = {"alice": lambda: alice, "phone": lambda: number_of(alice)}
    return lambda name: made[name]() if name in made else request.getfixturevalue(name)


def number_of(person):
    verify_phone(add_phone(person, NUMBER, binding="", origin=SYSTEM), origin=SYSTEM)
    return phones_of(person).get()


def test_the_list_names_every_door():
    assert {name.split()[0] for name in DOORS} | FOR_WHO_IS_NEW | TWO_FACTORS_AT_ONCE == set(doors())


@pytest.mark.parametrize("name", DOORS)
def test_the_first_factor_alone_opens_nothing(name, world, phone, recorded):
    kind, through = DOORS[name]
    door = kind()
    through(door, world)
    assert not door.is_signed_in()
    assert door.get(reverse("admin:index")).status_code == 302
    assert recorded(SignedIn) == []
    assert not Session.objects.exclude(user=None).exists()
    assert PASSWORD not in json.dumps(dict(ways.session_in(door).items()))


@pytest.mark.parametrize("name", DOORS)
def test_a_wrong_second_factor_opens_nothing(name, world, phone):
    kind, through = DOORS[name]
    door = kind()
    through(door, world)
    assert ways.answer(door, f"totp-{phone.pk}", wrong(phone)).status_code == 400
    assert not door.is_signed_in()


@pytest.mark.parametrize("name", DOORS)
def test_both_factors_open_it(name, world, phone, alice, recorded):
    """Trap 11: also where another stage follows the second factor."""
    kind, through = DOORS[name]
    door = kind()
    through(door, world)
    ways.answer(door, f"totp-{phone.pk}", shows(phone))
    if through is ways.come_back:
        go_on(door)
    assert door.is_signed_in()
    assert len(recorded(SignedIn)) == 1
    assert level_of(ways.session_in(door), str(alice.pk)) is Level.AAL2
    assert Session.objects.exclude(user=None).get().level == Level.AAL2


def go_on(door):
    if isinstance(door, Browser):
        door.call("post", "auth/come-back")
    else:
        door.go("ciam_come_back")


def test_no_call_of_login_goes_around_it(client, alice, phone):
    """A host's own view, an impersonation, a test's shortcut."""
    with pytest.raises(ChallengeRequired):
        client.force_login(alice)


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_who_gets_a_factor_while_signing_up_is_asked_as_well(kind, db):
    door = kind()
    door.sign_up("new@example.org", "a wide and quiet river")
    app = with_totp(get_user_model().objects.get(email="new@example.org"))
    door.verify(code_in(newest_to("new@example.org")))
    assert not door.is_signed_in()
    ways.answer(door, f"totp-{app.pk}", shows(app))
    assert door.is_signed_in()
