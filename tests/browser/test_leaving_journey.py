"""From a stranger on a second device to the last row erased, in a browser, with the mails they get."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_core.accounts.flows.erase import SETTLING
from ciam_core.flows import erase_due
from ciam_core.queries import devices_of
from ciam_core.settings import conf
from tests.browser.customer import ADDRESS, NEW_PASSWORD, Customer
from tests.journeys.mailbox import newest_code, newest_link, newest_mail
from tests.journeys.test_leaving import THIEFS_ADDRESS, THIEFS_PASSWORD
from tests.journeys.trail import assert_nothing_is_left, assert_the_trail_tells_of_any_edit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_stranger_on_a_second_device_to_the_last_row_erased(
    alice: Customer, new_customer: Callable[..., Customer], time_machine: Any
) -> None:
    time_machine.move_to(timezone.now())
    alice.has_account()
    alice.sign_in()
    person = get_user_model().objects.get(email=ADDRESS)

    thief = new_customer()
    thief.sign_in()
    assert "new device" in newest_mail(ADDRESS).subject
    alarm = newest_link(ADDRESS)
    take_over(thief)

    alice.tab.goto(alarm)
    alice.press("Lock my account")
    assert alice.at == "ciam_locked_down"
    assert not devices_of(person).exists()
    assert_outside(thief)
    alice.follow("Choose a new password")
    alice.send(email=ADDRESS)
    alice.send(code=newest_code(ADDRESS), password=NEW_PASSWORD)
    alice.password = NEW_PASSWORD
    alice.open("ciam_addresses")
    assert alice.main.locator(".ciam-item bdi").all_inner_texts() == [ADDRESS]

    alice.open("ciam_deactivate")
    alice.press("Take a break now")
    assert alice.at == "ciam_deactivated"
    alice.sign_in()
    alice.press("Come back")
    assert alice.at == "ciam_overview"

    delete(alice)
    alice.open_newest_link()
    alice.press("Keep my account")
    alice.sign_in()
    assert alice.at == "ciam_overview"
    delete(alice)

    time_machine.shift(conf().DELETION_GRACE)
    assert erase_due() == 0
    time_machine.shift(SETTLING)
    assert erase_due() == 1
    assert_outside(alice)
    assert_nothing_is_left(person, ADDRESS, THIEFS_ADDRESS)
    assert_the_trail_tells_of_any_edit(person)


def take_over(thief: Customer) -> None:
    thief.open("ciam_change_password")
    thief.send(current_password=thief.password, new_password=THIEFS_PASSWORD)
    thief.password = THIEFS_PASSWORD
    thief.open("ciam_addresses")
    thief.send(email=THIEFS_ADDRESS)
    thief.send(code=newest_code(THIEFS_ADDRESS))
    thief.press("Make primary")
    thief.reads("Your mail goes to this address from now on.")


def delete(customer: Customer) -> None:
    customer.open("ciam_schedule_deletion")
    customer.press("Delete my account")
    assert customer.at == "ciam_deletion_scheduled"


def assert_outside(customer: Customer) -> None:
    """The session they had is over, and signing in opens no other."""
    customer.open("ciam_overview")
    assert customer.at == "ciam_sign_in"
    customer.sign_in()
    assert customer.at == "ciam_sign_in"
    assert customer.main.get_by_role("alert").inner_text()
