"""A whole life of an account, by two people at two browsers: taken over, taken back, left, come back to, erased."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_core.flows import erase_due
from ciam_core.models import Erasure
from tests.browser.customer import ADDRESS, NEW_PASSWORD, OTHER_ADDRESS, Customer
from tests.journeys.mailbox import link_in, mail_to, newest_code, newest_link, newest_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STOLEN = "an evil plan for the summer"


def take_over(thief: Customer) -> None:
    """Somebody who knows the password: a new one, and an address of theirs in front."""
    thief.sign_in()
    thief.open("ciam_change_password")
    thief.send(current_password=thief.password, new_password=STOLEN)
    thief.open("ciam_change_address")
    thief.send(email=OTHER_ADDRESS)
    thief.send(code=newest_code(OTHER_ADDRESS))
    assert thief.at == "ciam_addresses"


def is_out(customer: Customer) -> bool:
    customer.open("ciam_overview")
    return customer.at == "ciam_sign_in"


def test_an_account_is_taken_back_left_come_back_to_and_erased(
    alice: Customer, new_customer: Callable[..., Customer]
) -> None:
    alice.has_account()
    alice.sign_in()
    thief = new_customer(viewport={"width": 360, "height": 640})
    take_over(thief)
    (alarm,) = [message for message in mail_to(ADDRESS) if "new device" in message.subject.lower()]

    owner = new_customer()
    owner.tab.goto(link_in(alarm))
    owner.press("Lock my account")
    assert owner.at == "ciam_locked_down"
    assert is_out(thief) and is_out(alice)
    assert get_user_model().objects.get().email == ADDRESS

    alice.open("ciam_recover")
    alice.send(email=ADDRESS)
    alice.send(code=newest_code(ADDRESS), password=NEW_PASSWORD)
    assert alice.at == "ciam_overview"
    alice.password = NEW_PASSWORD

    alice.open("ciam_deactivate")
    alice.press("Take a break now")
    assert alice.at == "ciam_deactivated" and is_out(alice)
    alice.sign_in()
    assert alice.at == "ciam_come_back"
    alice.press("Come back")
    assert alice.at == "ciam_overview"

    delete(alice)
    alice.tab.goto(newest_link(ADDRESS))
    alice.press("Keep my account")
    alice.sign_in()
    assert alice.at == "ciam_overview"

    delete(alice)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False) as clock:
        erase_due()
        clock.shift(timedelta(minutes=6))
        assert erase_due() == 1
    assert newest_mail(ADDRESS).subject
    assert Erasure.objects.get().finished_at
    alice.sign_in()
    assert alice.at == "ciam_sign_in"
    assert get_user_model().objects.get().email is None


def delete(alice: Customer) -> None:
    alice.open("ciam_schedule_deletion")
    alice.press("Delete my account")
    assert alice.at == "ciam_deletion_scheduled" and is_out(alice)
