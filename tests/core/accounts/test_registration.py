"""Opening an account and proving its address, by the flows."""

import pytest
from django.contrib.auth import get_user_model

from ciam_core.accounts.exceptions import SignUpClosed
from ciam_core.accounts.flows.register import register
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.normalising import AddressRefused
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.accounts.profile.queries import profile_of
from ciam_core.accounts.queries import addresses_of
from ciam_core.events import AccountRegistered, AddressVerified, PasswordSet, ProofRequested
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.passwords.exceptions import PasswordRefused
from tests.core.accounts.mailbox import code_in, mails_to

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "new@example.org", "a new horse every day"


@pytest.fixture(autouse=True)
def commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def open_account(address=ADDRESS, password=PASSWORD, **profile):
    return register(address, password=password, profile=profile, binding="", origin=SYSTEM)


def test_it_makes_a_person_whose_address_is_not_proven(recorded):
    person = open_account().person
    (row,) = addresses_of(person)
    assert (row.email, row.primary, row.verified) == (ADDRESS, True, False)
    assert person.check_password(PASSWORD)
    assert [event.subject_id for event in recorded(AccountRegistered)] == [str(person.pk)]
    assert [event.reason for event in recorded(PasswordSet)] == ["sign_up"]


def test_it_mails_a_link_and_a_code(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        open_account()
    (message,) = mails_to(ADDRESS)
    assert len(code_in(message)) == 6
    assert "/accounts/link/" in message.body


def test_without_a_password_the_person_has_none(recorded):
    assert not open_account(password=None).person.has_usable_password()
    assert recorded(PasswordSet) == []


def test_a_taken_address_makes_nobody_and_says_nothing(alice, recorded):
    opened = open_account(alice.email)
    assert opened.person is None
    assert get_user_model().objects.count() == 1
    assert [event.subject_id for event in recorded(ProofRequested)] == [None]
    assert recorded(AccountRegistered) == []


def test_the_address_is_kept_in_one_spelling():
    assert open_account(" New@EXAMPLE.org ").person.email == ADDRESS


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@b@c.org", "a b@example.org", "@example.org", "a@.org"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AddressRefused):
        open_account(address)
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("password", ["", "short", "x" * 14, "password" * 3, "new example org", "x" * 257])
def test_a_password_that_will_not_do_opens_no_account(password):
    with pytest.raises(PasswordRefused):
        open_account(password=password)
    assert not get_user_model().objects.exists()


def test_what_sign_up_asks_for_must_be_there(core):
    core(PROFILE={"full_name": {"label": "Name", "required": "sign_up"}})
    with pytest.raises(ProfileRefused):
        open_account()
    assert profile_of(open_account(full_name="Ada").person, reader="customer") == {"full_name": "Ada"}


@pytest.mark.parametrize("name", ["is_staff", "state", "email", "note", "id"])
def test_nobody_sets_at_sign_up_what_is_not_theirs_to_set(name, core):
    """AZ7."""
    core(PROFILE={"note": {"label": "Note", "write": ["staff"]}})
    with pytest.raises(ProfileRefused):
        open_account(**{name: "x"})


def test_a_host_may_close_it(core):
    core(ADAPTER="tests.core.accounts.adapters.Closed")
    with pytest.raises(SignUpClosed):
        open_account()


def test_proving_the_address_is_told_once(recorded):
    proof = open_account().proof
    assert verify_address(proof, origin=SYSTEM).email == ADDRESS
    assert len(recorded(AddressVerified)) == 1
    with pytest.raises(ProofRejected):
        verify_address(proof, origin=SYSTEM)
    assert len(recorded(AddressVerified)) == 1
