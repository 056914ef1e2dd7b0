"""The payout address of the example in a real browser: a second factor first, and nothing that was typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_mfa.models import TotpAuthenticator
from example_project.settings import base
from example_project.shop.models import PayoutAddress
from tests.browser.customer import Customer
from tests.mfa.people import shows, with_totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def product(product: None, settings: Any) -> None:
    settings.ROOT_URLCONF = base.ROOT_URLCONF
    settings.TEMPLATES = base.TEMPLATES
    settings.CIAM_CORE = {**base.CIAM_CORE, "BREACHED_PASSWORDS": None}


def test_a_second_factor_is_shown_and_the_form_goes_on_by_itself(alice: Customer, time_machine: Any) -> None:
    alice.has_account()
    app = with_totp(get_user_model().objects.get())
    alice.sign_in()
    alice.send(code=shows(app))
    alice.open("shop_payout_address")
    alice.follow("Say where your money should go")
    assert alice.at == "shop_change_payout_address"

    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    alice.send(holder="Alice", iban=IBAN)
    assert alice.at == "ciam_step_up"
    assert not PayoutAddress.objects.exists()
    TotpAuthenticator.objects.update(last_step=-1)
    alice.send(code=shows(app))
    assert alice.at == "shop_payout_address"
    alice.reads("From now on your money goes to this account.")
    assert PayoutAddress.objects.get().iban == IBAN.replace(" ", "")


def test_who_has_none_sets_one_up_and_comes_back(alice: Customer) -> None:
    alice.has_account()
    alice.sign_in()
    alice.open("shop_payout_address")
    alice.follow("Say where your money should go")
    assert alice.at == "ciam_factors"
    alice.reads("you go on from there")
    section = alice.main.locator("section", has=alice.tab.get_by_role("heading", name="Authenticator app"))
    alice.click(section.get_by_role("link"))
    alice.press("I have an app")
    alice.send(code=shows(TotpAuthenticator.objects.get()))
    alice.press("Show my recovery codes")
    alice.press("I have saved them")
    assert alice.at == "shop_change_payout_address"
    alice.send(holder="Alice", iban=IBAN)
    assert alice.at == "shop_payout_address"
    assert PayoutAddress.objects.count() == 1
