"""What somebody who was in the account leaves behind does not let them in again (LK2, SE3)."""

from datetime import timedelta

import pytest

from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.mailbox import code_in, link_in, newest_to
from tests.core.accounts.phones.conftest import HERS, OTHER, PhonePages
from tests.factories import PASSWORD
from tests.texts import code_to

pytestmark = pytest.mark.django_db


def test_a_number_that_was_noted_early_and_proven_late_goes_too(alice, phone, time_machine):
    """When it is proven, the link in the mail about it works no more."""
    time_machine.move_to(phone.added_at + timedelta(hours=73))
    thief = PhonePages()
    thief.sign_in(alice.email, PASSWORD)
    thief.add_phone(OTHER)
    time_machine.shift(timedelta(hours=73))
    thief.sign_out()
    thief.sign_in(alice.email, PASSWORD)
    thief.go("ciam_verify_phone", {}, phones_of(alice).get(verified_at=None).pk)
    thief.confirm_phone(code_to(OTHER))
    thief.change_password(PASSWORD, "three ducks on a wooden pier")
    PhonePages().use_link(link_in(newest_to(alice.email)))
    assert [row.number for row in phones_of(alice)] == [HERS]


def test_the_numbers_of_a_stranger_go_when_the_owner_proves_the_address(bob):
    """LK2: as the password and the identities do."""
    verify_phone(add_phone(bob, OTHER, binding="", origin=SYSTEM), origin=SYSTEM)
    owner = PhonePages()
    owner.ask_for_code(bob.email)
    owner.enter_code(code_in(newest_to(bob.email)))
    assert owner.is_signed_in()
    assert not phones_of(bob).exists()
