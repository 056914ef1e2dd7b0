"""This wasn't me: one link takes an account back from whoever is in it (LK2, LK3, LK7, invariant 2)."""

import random
from base64 import urlsafe_b64decode

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.queries import addresses_of, person_at
from ciam_core.events import AccountLockedDown, PasswordVoided
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import issue_proof
from ciam_core.messages.masking import mask_address
from tests.core.accounts.doors import DOORS, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to, token_in
from tests.factories import PASSWORD, AddressFactory

pytestmark = pytest.mark.django_db

HERS = "alice@example.org"
THEIRS = "mallory@example.net"
KNOWN_TO_MALLORY = "an evil plan for the summer"
NEW = "three ducks on a wooden pier"


@pytest.fixture
def thief(alice):
    """Mallory's browser, signed in as alice."""
    stolen = Pages()
    stolen.sign_in(alice.email, PASSWORD)
    return stolen


def wasnt_me(message, pages=None):
    return (pages or Pages()).use_link(link_in(message))


def alarmed(thief):
    """The mail that tells alice of a new password."""
    thief.change_password(PASSWORD, KNOWN_TO_MALLORY)
    return newest_to(HERS)


def change_address(pages, address):
    pages.go("ciam_change_address", {"email": address})
    pages.confirm_address(code_in(newest_to(address)))


def held(user):
    return {(row.email, row.primary, row.verified) for row in addresses_of(user)}


@pytest.mark.parametrize("kind", DOORS)
def test_everybody_is_signed_out_and_the_password_is_void(kind, thief, alice, recorded):
    alarm = alarmed(thief)
    other = kind()
    other.sign_in(HERS, KNOWN_TO_MALLORY)
    wasnt_me(alarm)
    assert not thief.is_signed_in()
    assert not other.is_signed_in()
    other.sign_in(HERS, KNOWN_TO_MALLORY)
    assert not other.is_signed_in()
    alice.refresh_from_db()
    assert not alice.has_usable_password()
    assert [len(recorded(kind)) for kind in (AccountLockedDown, PasswordVoided)] == [1, 1]


def test_it_leads_to_recovery_and_she_comes_in_again(thief, alice, pages):
    answer = wasnt_me(alarmed(thief), pages)
    assert "/password/reset/" in pages.get(answer.url).content.decode()
    pages.ask_for_recovery(HERS)
    pages.recover(code_in(newest_to(HERS)), "three ducks on a wooden pier")
    assert pages.is_signed_in()


def test_looking_at_the_link_changes_nothing(thief, alice):
    """RC8: mail scanners look."""
    link = link_in(alarmed(thief))
    scanner = Pages()
    scanner.get(scanner.get(link).url)
    assert thief.is_signed_in()


def test_it_works_in_a_browser_that_knows_nothing_of_her(thief, alice):
    wasnt_me(alarmed(thief), Pages(headers={"user-agent": "another"}))
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_it_works_for_72_hours(thief, alice):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        link = link_in(alarmed(thief))
        clock.shift(72 * 3600 + 1)
        assert Pages().get(link).status_code == 400
        clock.shift(-2)
        Pages().use_link(link)
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_each_of_several_mails_works(thief, alice):
    """A thief who causes more mails does not kill the link in the first."""
    first = alarmed(thief)
    thief.change_password(KNOWN_TO_MALLORY, KNOWN_TO_MALLORY + "!")
    thief.add_address(THEIRS)
    assert len({link_in(message) for message in mails_to(HERS)}) == 3
    wasnt_me(first)
    assert not thief.is_signed_in()


def test_one_lock_down_ends_the_other_links(thief, alice):
    first = alarmed(thief)
    thief.add_address(THEIRS)
    second = newest_to(HERS)
    wasnt_me(second)
    assert Pages().get(link_in(first)).status_code == 400


def test_a_changed_primary_address_comes_back(thief, alice):
    """Whichever mail she presses the button in."""
    alarm = alarmed(thief)
    AddressFactory(user=alice, email="second@example.org")
    change_address(thief, THEIRS)
    wasnt_me(alarm)
    alice.refresh_from_db()
    assert alice.email == HERS
    assert held(alice) == {(HERS, True, True)}


def test_an_added_address_goes(thief, alice):
    """The mail about it was written before the address was proven."""
    thief.add_address(THEIRS)
    alarm = newest_to(HERS)
    thief.confirm_address(code_in(newest_to(THEIRS)))
    thief.make_primary(addresses_of(alice).get(email=THEIRS))
    wasnt_me(alarm)
    assert held(alice) == {(HERS, True, True)}
    assert person_at(THEIRS) is None


def test_a_removed_address_comes_back_to_be_proven_again(thief, alice):
    second = AddressFactory(user=alice, email="second@example.org")
    thief.remove_address(second)
    wasnt_me(newest_to(HERS))
    assert held(alice) == {(HERS, True, True), ("second@example.org", False, False)}


def test_addresses_that_have_not_changed_stay_proven(thief, alice):
    alarm = alarmed(thief)
    AddressFactory(user=alice, email="second@example.org")
    Proof.objects.filter(purpose="wasnt_me").update(data={"held": [HERS, "second@example.org"]})
    wasnt_me(alarm)
    assert held(alice) == {(HERS, True, True), ("second@example.org", False, True)}


def test_a_link_the_thief_was_mailed_gives_the_account_back_to_its_owner(thief, alice):
    """Of two who claim an account, who had it first gets it."""
    change_address(thief, THEIRS)
    thief.change_password(PASSWORD, KNOWN_TO_MALLORY)
    wasnt_me(newest_to(THEIRS))
    alice.refresh_from_db()
    assert alice.email == HERS
    assert person_at(THEIRS) is None


def test_after_her_undo_no_link_of_the_thief_works(thief, alice):
    change_address(thief, THEIRS)
    undo_mail = newest_to(HERS)
    thief.change_password(PASSWORD, KNOWN_TO_MALLORY)
    wasnt_me(undo_mail)
    assert Pages().get(link_in(newest_to(THEIRS))).status_code == 400


def test_a_removed_address_is_told_and_can_lock_nothing(thief, alice):
    """A thief who adds an address and removes it keeps no button in its mailbox."""
    thief.add_address(THEIRS)
    thief.confirm_address(code_in(newest_to(THEIRS)))
    thief.remove_address(addresses_of(alice).get(email=THEIRS))
    assert "/accounts/link/" not in newest_to(THEIRS).body


def test_a_new_password_kills_no_link(thief, alice, pages):
    """A thief who changes or recovers the password must not void the owner's way back."""
    alarm = alarmed(thief)
    thief.sign_out()
    thief.ask_for_recovery(HERS)
    thief.recover(code_in(newest_to(HERS)), KNOWN_TO_MALLORY + "!")
    wasnt_me(alarm)
    assert not thief.is_signed_in()


def test_old_and_new_address_are_told(thief, alice):
    alarm = alarmed(thief)
    change_address(thief, THEIRS)
    wasnt_me(alarm)
    assert [newest_to(to).subject for to in (HERS, THEIRS)] == ["Shop: your account is locked"] * 2


def test_a_second_press_changes_nothing(thief, alice, recorded):
    alarm = alarmed(thief)
    pages = Pages()
    wasnt_me(alarm, pages)
    assert pages.go("ciam_use_link").status_code == 400
    assert len(recorded(AccountLockedDown)) == 1


def test_the_token_is_in_the_mail_alone(thief, alice):
    """LK7: 256 random bits, stored as a digest."""
    token = token_in(alarmed(thief))
    assert len(token) == 43
    assert not Proof.objects.filter(token_digest=token).exists()


def test_links_cannot_be_told_from_one_another(alice):
    """LK7: of one person, one purpose and one moment, after equal seeds; every one of their bits is as often 0 as 1."""
    drawn = []
    with time_machine.travel(timezone.now(), tick=False), transaction.atomic():
        for _ in range(400):
            random.seed(7)
            issued = issue_proof(purposes.wasnt_me(), subject_id=str(alice.pk), address=HERS, data={"held": [HERS]})
            drawn.append(urlsafe_b64decode(issued.token + "="))
    assert len({*drawn}) == 400
    numbers = [int.from_bytes(token) for token in drawn]
    for bit in range(256):  # each is off by less than 7 standard deviations
        assert 130 < sum(number >> bit & 1 for number in numbers) < 270


def test_every_notice_to_the_primary_address_has_the_button(thief, alice):
    alarmed(thief)
    thief.add_address(THEIRS)
    thief.remove_address(addresses_of(alice).get(email=THEIRS))
    assert all("/accounts/link/" in message.body for message in mails_to(HERS))


def recovered(person, pages):
    """Her mailbox brings her in again: the page she sees then, and the mail about it."""
    pages.ask_for_recovery(person.email)
    pages.recover(code_in(newest_to(person.email)), NEW)
    return pages.get(reverse("ciam_overview")).text, newest_to(person.email)


def test_recovery_tells_of_an_address_a_thief_added_and_offers_to_take_it_back(thief, alice, pages):
    thief.add_address(THEIRS)
    thief.confirm_address(code_in(newest_to(THEIRS)))
    page, message = recovered(alice, pages)
    told = f"to sign in or come back with: {mask_address(THEIRS)}. If one of them is not yours"
    assert told in page
    assert told in message.body
    assert told in message.alternatives[0][0]
    wasnt_me(message)
    assert held(alice) == {(HERS, True, True)}
    assert not pages.is_signed_in()


def test_recovery_tells_of_nothing_where_nothing_was_added(alice, pages):
    page, message = recovered(alice, pages)
    assert "come back with" not in page + message.body + message.alternatives[0][0]
