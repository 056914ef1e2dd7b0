"""Not being asked again, in a real browser: with its cookie jar, and with a passkey."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from ciam_mfa.models import TotpAuthenticator, TrustedBrowser
from tests.browser.customer import Customer
from tests.browser.test_passkeys import Authenticator, enrolled, phone
from tests.mfa.people import shows, with_totp

__all__ = ["phone"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def app(alice: Customer) -> TotpAuthenticator:
    """The authenticator app of alice, who is not signed in."""
    alice.has_account()
    app: TotpAuthenticator = with_totp(get_user_model().objects.get())
    return app


def confirm(alice: Customer, app: TotpAuthenticator) -> None:
    """The challenge, answered as if half a minute had passed since the last time."""
    assert alice.at == "ciam_challenge"
    TotpAuthenticator.objects.update(last_step=-1)
    alice.send(code=shows(app))


def test_trusted_signed_out_and_in_then_ended_and_asked_again(alice: Customer, app: TotpAuthenticator) -> None:
    alice.sign_in()
    tick = alice.main.get_by_label("Do not ask on this browser for 30 days")
    expect(tick).not_to_be_checked()
    tick.check()
    confirm(alice, app)
    assert alice.at == "ciam_overview"
    [cookie] = [own for own in alice.tab.context.cookies() if own["name"] == "trust-token"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")

    alice.sign_out()
    alice.sign_in()
    assert alice.at == "ciam_overview"

    alice.follow("Sign-in and security")
    alice.open("ciam_factors")
    alice.follow("View")
    assert alice.at == "ciam_trusted_browsers"
    alice.reads("This browser")
    alice.press("Stop trusting")
    alice.reads("You are asked there again.")

    alice.sign_out()
    alice.sign_in()
    confirm(alice, app)
    assert alice.at == "ciam_overview"


def test_all_are_ended_at_once(alice: Customer, app: TotpAuthenticator) -> None:
    alice.sign_in()
    alice.main.get_by_label("Do not ask on this browser").check()
    confirm(alice, app)
    alice.open("ciam_trusted_browsers")
    alice.press("Stop trusting all")
    alice.reads("You are asked everywhere again.")
    assert not TrustedBrowser.objects.exists()


def test_another_browser_is_asked(
    alice: Customer, app: TotpAuthenticator, new_customer: Callable[..., Customer]
) -> None:
    alice.sign_in()
    alice.main.get_by_label("Do not ask on this browser").check()
    confirm(alice, app)
    elsewhere = new_customer()
    elsewhere.sign_in()
    assert elsewhere.at == "ciam_challenge"


def test_the_tick_goes_with_a_passkey_too(alice: Customer, phone: Authenticator) -> None:
    enrolled(alice, phone)
    alice.sign_in()
    alice.main.get_by_label("Do not ask on this browser").check()
    phone.is_touched(True)
    alice.press("Use your passkey")
    assert alice.at == "ciam_overview"
    phone.is_touched(False)
    alice.sign_out()
    alice.sign_in()
    assert alice.at == "ciam_overview"
