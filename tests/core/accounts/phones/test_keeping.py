"""Keys change, people leave, and the number goes with them."""

from base64 import b64encode

import pytest
from django.core.management import call_command

from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.queries import owner_of_phone, phone_index
from ciam_core.accounts.phones.rotation import refresh_phone_indexes
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.exceptions import PhoneTaken, PhoneYours
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.personal_data import erase_personal_data, export_personal_data
from tests.core.accounts.phones.conftest import HERS

pytestmark = pytest.mark.django_db

OLD, NEW = (b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture
def ring(settings):
    def turn(**keys):
        settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "KEYS": keys}

    turn(old=OLD)
    return turn


def test_a_number_is_found_before_during_and_after_a_change_of_keys(ring, alice, phone):
    ring(new=NEW, old=OLD)
    assert owner_of_phone(HERS) == alice
    with pytest.raises(PhoneYours):
        add_phone(alice, HERS, binding="", origin=SYSTEM)
    call_command("ciam_reencrypt")
    ring(new=NEW)
    assert owner_of_phone(HERS) == alice
    row = Phone.objects.get()
    assert (row.number, row.index) == (HERS, phone_index(HERS))


def test_a_change_of_keys_does_not_let_a_number_be_proven_twice(ring, mallory, phone):
    """The two digests differ, so the database could not tell."""
    ring(new=NEW, old=OLD)
    proof = add_phone(mallory, HERS, binding="", origin=SYSTEM)
    with pytest.raises(PhoneTaken):
        verify_phone(proof, origin=SYSTEM)


def test_refreshing_again_does_nothing_and_a_lost_key_is_reported(ring, phone):
    assert (refresh_phone_indexes(1).done, refresh_phone_indexes(1).left) == (0, 0)
    ring(new=NEW)
    result = refresh_phone_indexes(1)
    assert (result.done, result.left, result.unreadable) == (0, 1, [phone.pk])


def test_a_person_is_handed_their_number_in_clear_and_nothing_of_it_stays(alice, phone):
    (row,) = export_personal_data(str(alice.pk))["ciam_core.Phone"]
    assert row["number"] == HERS
    erase_personal_data(str(alice.pk))
    assert not Phone.objects.exists()
