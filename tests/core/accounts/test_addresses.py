"""The addresses of one person, by the flows."""

import pytest

from ciam_core.accounts.exceptions import AddressKept, AddressTaken, AddressUnproven, AddressYours, TooManyAddresses
from ciam_core.accounts.flows.addresses import (
    add_address,
    change_address,
    complete_address_change,
    make_primary,
    remove_address,
    resend_verification,
)
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.queries import addresses_of, person_at
from ciam_core.events import AddressAdded, AddressRemoved, PrimaryAddressChanged
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.mailbox import mails_to
from tests.factories import AddressFactory, PersonFactory

pytestmark = pytest.mark.django_db

SECOND = "second@example.org"
ASKED = {"binding": "", "origin": SYSTEM}


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_an_added_address_counts_once_it_is_proven(alice, recorded):
    proof = add_address(alice, SECOND, **ASKED)
    assert person_at(SECOND) is None
    verify_address(proof, origin=SYSTEM)
    assert person_at(SECOND) == alice
    assert len(recorded(AddressAdded)) == 1


def test_no_address_is_added_twice(alice):
    add_address(alice, SECOND, **ASKED)
    for spelling in (SECOND, "SECOND@example.org", alice.email):
        with pytest.raises(AddressYours):
            add_address(alice, spelling, **ASKED)


def test_an_account_holds_five(alice):
    for number in range(4):
        add_address(alice, f"extra{number}@example.org", **ASKED)
    with pytest.raises(TooManyAddresses):
        add_address(alice, SECOND, **ASKED)


def test_the_primary_address_stays(alice):
    with pytest.raises(AddressKept):
        remove_address(alice, addresses_of(alice).get().pk, origin=SYSTEM)


def test_both_ends_are_told_of_a_removed_address(alice, recorded, commit):
    row = AddressFactory(user=alice, email=SECOND)
    with commit():
        remove_address(alice, row.pk, origin=SYSTEM)
    assert [len(mails_to(to)) for to in (alice.email, SECOND)] == [1, 1]
    assert len(recorded(AddressRemoved)) == 1


def test_an_unproven_address_that_is_removed_is_told_nothing(alice, commit):
    row = AddressFactory(user=alice, email=SECOND, verified=False)
    with commit():
        remove_address(alice, row.pk, origin=SYSTEM)
    assert mails_to(SECOND) == []


@pytest.mark.parametrize("act", [remove_address, make_primary])
def test_nobody_touches_the_addresses_of_another(act, alice, mallory):
    """AZ1."""
    theirs = AddressFactory(user=alice)
    with pytest.raises(NotFoundError):
        act(mallory, theirs.pk, origin=SYSTEM)


def test_nobody_asks_for_a_code_for_the_address_of_another(alice, mallory):
    """AZ1."""
    theirs = AddressFactory(user=alice, verified=False)
    with pytest.raises(NotFoundError):
        resend_verification(mallory, theirs.pk, **ASKED)


def test_only_a_proven_address_becomes_primary(alice, recorded):
    row = AddressFactory(user=alice, email=SECOND, verified=False)
    with pytest.raises(AddressUnproven):
        make_primary(alice, row.pk, origin=SYSTEM)
    row = AddressFactory(user=alice)
    make_primary(alice, row.pk, origin=SYSTEM)
    alice.refresh_from_db()
    assert alice.email == row.email
    assert len(recorded(PrimaryAddressChanged)) == 1


def test_a_changed_address_replaces_the_old_one(alice, commit):
    proof = change_address(alice, SECOND, **ASKED)
    assert alice.email == "alice@example.org"
    with commit():
        complete_address_change(proof, origin=SYSTEM)
    alice.refresh_from_db()
    assert [row.email for row in addresses_of(alice)] == [alice.email] == [SECOND]
    assert "/accounts/link/" in mails_to("alice@example.org")[0].body


def test_an_address_another_has_proven_meanwhile_is_not_taken(alice):
    proof = change_address(alice, SECOND, **ASKED)
    PersonFactory(email=SECOND)
    with pytest.raises(AddressTaken):
        complete_address_change(proof, origin=SYSTEM)
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert addresses_of(alice).count() == 1
