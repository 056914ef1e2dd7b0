"""Passkeys in a real browser, with an authenticator in software behind it (DevTools, ``WebAuthn``)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import remove_authenticator
from ciam_mfa.models import Passkey
from tests.browser.customer import ADDRESS, Customer
from tests.journeys.mailbox import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_LIST = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Authenticator:
    """What keeps the passkeys of ``customer``: a phone with a fingerprint, unless it is told otherwise."""

    def __init__(self, customer: Customer, **otherwise: Any) -> None:
        self.devtools = customer.tab.context.new_cdp_session(customer.tab)
        self.devtools.send("WebAuthn.enable", {"enableUI": False})
        kind = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal"}
        able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        options = {**kind, **able, "automaticPresenceSimulation": True, **otherwise}
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        told = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        kept: list[dict[str, Any]] = told["credentials"]
        return kept

    def verifies(self, verified: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified})

    def is_touched(self, touched: bool) -> None:
        """Whether somebody is there to touch it whenever it asks."""
        self.devtools.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": touched})


@pytest.fixture
def phone(alice: Customer) -> Authenticator:
    return Authenticator(alice)


def set_up(alice: Customer) -> None:
    """Signed in a moment ago, alice adds a passkey."""
    alice.open("ciam_add_passkey")
    alice.press("Create a passkey")


def enrolled(alice: Customer, phone: Authenticator) -> None:
    """Alice has a passkey, and is signed out."""
    alice.is_signed_in()
    set_up(alice)
    phone.is_touched(False)
    alice.sign_out()


def choose_from_the_list(alice: Customer, phone: Authenticator) -> None:
    """Conditional UI: on the sign-in page nothing is pressed, the browser hands over what is touched."""
    alice.open("shop_home")
    phone.is_touched(True)
    where = alice.site + reverse("ciam_sign_in")
    alice.tab.goto(where, wait_until="commit")  # the page may be left before it is whole
    alice.tab.wait_for_url(lambda url: url != where)


def test_a_passkey_is_set_up_and_signs_in_by_the_button(alice: Customer, phone: Authenticator) -> None:
    alice.is_signed_in()
    set_up(alice)
    alice.reads("Your passkey is set up.")
    assert len(phone.passkeys()) == 1
    alice.tab.add_init_script(NO_LIST)
    alice.sign_out()
    with alice.tab.expect_navigation(url="**/accounts/"):
        alice.tab.get_by_role("button", name="Sign in with a passkey").click()
    assert alice.at == "ciam_overview"


def test_a_passkey_is_offered_in_the_list_under_the_address(alice: Customer, phone: Authenticator) -> None:
    enrolled(alice, phone)
    choose_from_the_list(alice, phone)
    assert alice.at == "ciam_overview"


def test_an_account_with_nothing_but_a_passkey(alice: Customer, phone: Authenticator) -> None:
    """From a stranger to a customer who has no password, and back in a week later."""
    phone.is_touched(False)
    alice.open("ciam_sign_up")
    alice.press("Sign up with a passkey")
    alice.send(email=ADDRESS)
    assert alice.at == "ciam_verify_address"
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_add_passkey"
    phone.is_touched(True)
    alice.press("Create a passkey")
    alice.reads("Your passkey is set up.")
    alice.press("Show my recovery codes")
    assert not get_user_model().objects.get().has_usable_password()
    phone.is_touched(False)
    alice.sign_out()
    choose_from_the_list(alice, phone)
    assert alice.at == "ciam_overview"


def test_after_a_password_the_passkey_is_asked_for(alice: Customer, phone: Authenticator) -> None:
    enrolled(alice, phone)
    alice.sign_in()
    assert alice.at == "ciam_challenge"
    phone.is_touched(True)
    alice.press("Use your passkey")
    assert alice.at == "ciam_overview"


def test_who_turns_it_down_is_told_and_may_try_again(alice: Customer, phone: Authenticator) -> None:
    enrolled(alice, phone)
    alice.sign_in()
    phone.verifies(False)
    phone.is_touched(True)
    button = alice.tab.get_by_role("button", name="Use your passkey")
    button.click()
    expect(alice.main.get_by_role("alert")).to_contain_text("Try again, or use another way.")
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert alice.at == "ciam_challenge"
    phone.verifies(True)
    alice.press("Use your passkey")
    assert alice.at == "ciam_overview"


def test_who_turns_it_down_on_the_sign_in_page_may_type_instead(alice: Customer, phone: Authenticator) -> None:
    alice.tab.add_init_script(NO_LIST)
    enrolled(alice, phone)
    phone.verifies(False)
    phone.is_touched(True)
    alice.field("email").fill(ADDRESS)
    button = alice.tab.get_by_role("button", name="Sign in with a passkey")
    with alice.tab.expect_response("**/accounts/login/passkey/"):
        button.click()
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert alice.at == "ciam_sign_in"
    assert alice.field("email").input_value() == ADDRESS
    phone.verifies(True)
    alice.press("Sign in with a passkey")
    assert alice.at == "ciam_overview"


def test_where_there_is_one_no_second_is_made(alice: Customer, phone: Authenticator) -> None:
    alice.is_signed_in()
    set_up(alice)
    alice.open("ciam_add_passkey")
    alice.tab.get_by_role("button", name="Create a passkey").click()
    expect(alice.main.get_by_role("alert")).to_contain_text("This device has a passkey for your account already.")
    assert len(phone.passkeys()) == 1


def test_a_passkey_that_was_removed_here_is_said_to_be_unknown(alice: Customer, phone: Authenticator) -> None:
    enrolled(alice, phone)
    row = Passkey.objects.get()
    remove_authenticator(row.user, f"passkey-{row.pk}", origin=SYSTEM)
    choose_from_the_list(alice, phone)
    alice.reads("This passkey belongs to no account here any more.")
    assert alice.at == "ciam_passkey_sign_in"


def test_a_browser_without_passkeys_says_so(new_customer: Callable[..., Customer]) -> None:
    alice = new_customer(java_script_enabled=False)
    alice.is_signed_in()
    alice.open("ciam_add_passkey")
    alice.reads("This browser cannot use passkeys, or its scripts are turned off.")
    expect(alice.tab.get_by_role("button", name="Create a passkey")).to_be_hidden()
    alice.open("ciam_sign_out")
    alice.press("Sign out")
    alice.press("Sign in with a passkey")
    alice.reads("This browser cannot use passkeys, or its scripts are turned off.")
    alice.follow("Sign in another way")
    assert alice.at == "ciam_sign_in"


def test_an_old_browser_says_so_too(alice: Customer) -> None:
    alice.tab.context.add_init_script("delete window.PublicKeyCredential")
    alice.is_signed_in()
    alice.open("ciam_add_passkey")
    alice.reads("This browser cannot use passkeys")


def test_a_security_key_without_a_fingerprint_is_a_second_factor_only(alice: Customer) -> None:
    plain = {"hasResidentKey": False, "hasUserVerification": False, "isUserVerified": False}
    Authenticator(alice, protocol="u2f", transport="usb", **plain)
    alice.is_signed_in()
    set_up(alice)
    assert Passkey.objects.get().uv_initialized is False
    alice.open("ciam_sign_out")
    alice.press("Sign out")
    alice.send(email=ADDRESS, password=alice.password)
    assert alice.at == "ciam_challenge"
    alice.press("Use your passkey")
    assert alice.at == "ciam_overview"


# Offered after a password


BY_ITSELF = """
const make = navigator.credentials.create.bind(navigator.credentials);
navigator.credentials.create = (options) => {
  const { residentKey } = options.publicKey.authenticatorSelection;
  document.documentElement.dataset.asked = `${options.mediation} ${residentKey}`;
  return make({ publicKey: options.publicKey, signal: options.signal });
};
PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: true });
"""
"""A browser that has filled in the password and makes a passkey without a word. In Chromium itself the password manager
does that, and no authenticator in software stands in for it."""
CANNOT = "PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: false });"


def types_the_password(alice: Customer) -> None:
    """On the way to her profile, in a browser whose device can keep a passkey."""
    alice.open("ciam_sign_in", next=reverse("ciam_profile"))
    expect(alice.tab.locator("input[name=passkeys]")).to_be_attached()
    alice.send(email=ADDRESS, password=alice.password)


def test_a_passkey_is_offered_after_a_password_and_the_way_goes_on(alice: Customer, phone: Authenticator) -> None:
    """Chromium says that it makes passkeys by itself, and never answers: the button works meanwhile."""
    phone.is_touched(False)
    alice.has_account()
    types_the_password(alice)
    assert alice.at == "ciam_offer_passkey"
    phone.is_touched(True)
    alice.press("Add a passkey")
    alice.reads("Your passkey is set up.")
    alice.press("Show my recovery codes")
    alice.press("I have saved them")
    assert alice.at == "ciam_profile"
    assert Passkey.objects.get().is_demanded is True


def test_who_says_not_now_goes_on_and_is_left_in_peace(alice: Customer, phone: Authenticator) -> None:
    alice.tab.add_init_script(CANNOT)
    alice.has_account()
    types_the_password(alice)
    alice.follow("Not now")
    assert alice.at == "ciam_profile"
    alice.sign_out()
    types_the_password(alice)
    assert alice.at == "ciam_profile"
    assert not Passkey.objects.exists()


def test_who_says_never_goes_on_too(alice: Customer, phone: Authenticator) -> None:
    alice.tab.add_init_script(CANNOT)
    alice.has_account()
    types_the_password(alice)
    alice.press("Don’t ask again")
    assert alice.at == "ciam_profile"


def test_a_device_that_cannot_keep_one_is_offered_none(alice: Customer) -> None:
    alice.has_account()
    alice.sign_in()
    assert alice.at == "ciam_overview"


def test_a_browser_makes_one_by_itself(alice: Customer, phone: Authenticator) -> None:
    alice.tab.add_init_script(BY_ITSELF)
    alice.has_account()
    alice.open("ciam_sign_in", next=reverse("ciam_profile"))
    expect(alice.tab.locator("input[name=passkeys]")).to_be_attached()
    alice.field("email").fill(ADDRESS)
    alice.field("password").fill(alice.password)
    alice.main.get_by_role("button", name="Sign in", exact=True).click()
    alice.tab.wait_for_url("**" + reverse("ciam_profile"))
    alice.reads("Your browser has made a passkey for you.")
    assert Passkey.objects.get().is_demanded is False
    alice.open("ciam_offer_passkey")
    assert alice.at == "ciam_overview"
    phone.is_touched(False)
    alice.sign_out()
    choose_from_the_list(alice, phone)
    assert alice.at == "ciam_overview"


def test_it_is_asked_to_do_so_in_the_words_of_the_specification(alice: Customer, phone: Authenticator) -> None:
    alice.tab.add_init_script(BY_ITSELF.replace("return make", "return new Promise(() => {}); make"))
    alice.has_account()
    types_the_password(alice)
    expect(alice.tab.locator("html")).to_have_attribute("data-asked", "conditional required")
    assert alice.at == "ciam_offer_passkey"
