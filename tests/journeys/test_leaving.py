"""From a stranger on a second device to the last row erased, at every kind of client; and the trail of it all."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_core.accounts.flows.erase import SETTLING
from ciam_core.flows import erase_due
from ciam_core.queries import devices_of
from ciam_core.settings import conf
from tests.journeys.mailbox import newest_code, newest_link, newest_mail
from tests.journeys.test_journey import ADDRESS, NEW_PASSWORD, PASSWORD, come_in
from tests.journeys.trail import assert_nothing_is_left, assert_the_trail_tells_of_any_edit
from tests.journeys.walkers import HtmlForms, Walker

pytestmark = pytest.mark.django_db(transaction=True)

THIEFS_ADDRESS, THIEFS_PASSWORD = "mallory@elsewhere.example", "seven keys of one locksmith"


def test_from_a_stranger_on_a_second_device_to_the_last_row_erased(walker: Walker, time_machine) -> None:
    time_machine.move_to(timezone.now())
    come_in(walker)
    person = get_user_model().objects.get(email=ADDRESS)

    thief = type(walker)()
    thief.sign_in(ADDRESS, PASSWORD)
    assert "new device" in newest_mail(ADDRESS).subject
    alarm = newest_link(ADDRESS)
    take_over(thief)
    assert not walker.is_inside() and walker.is_refused(ADDRESS, PASSWORD)

    HtmlForms().use_link(alarm, leads_to="ciam_locked_down")
    assert not thief.is_inside() and not devices_of(person).exists()
    for address in (ADDRESS, THIEFS_ADDRESS):
        assert thief.is_refused(address, THIEFS_PASSWORD)
    walker.ask_for_recovery(ADDRESS)
    walker.recover(newest_code(ADDRESS), NEW_PASSWORD)
    assert walker.is_inside() and walker.addresses() == [ADDRESS]

    walker.deactivate()
    assert not walker.is_inside()
    walker.come_back(ADDRESS, NEW_PASSWORD)
    assert walker.is_inside()

    walker.schedule_deletion()
    assert not walker.is_inside()
    HtmlForms().use_link(newest_link(ADDRESS), leads_to="ciam_sign_in")
    walker.sign_in(ADDRESS, NEW_PASSWORD)
    time_machine.shift(timedelta(minutes=1))
    walker.schedule_deletion()

    time_machine.shift(conf().DELETION_GRACE)
    assert erase_due() == 0
    time_machine.shift(SETTLING)
    assert erase_due() == 1
    assert not walker.is_inside() and walker.is_refused(ADDRESS, NEW_PASSWORD)
    assert_nothing_is_left(person, ADDRESS, THIEFS_ADDRESS)
    assert_the_trail_tells_of_any_edit(person)


def take_over(thief: Walker) -> None:
    """All that somebody does who means to stay."""
    thief.change_password(PASSWORD, THIEFS_PASSWORD)
    thief.add_address(THIEFS_ADDRESS)
    thief.confirm_address(newest_code(THIEFS_ADDRESS))
    thief.make_primary(THIEFS_ADDRESS)
    assert thief.addresses()[0] == THIEFS_ADDRESS
