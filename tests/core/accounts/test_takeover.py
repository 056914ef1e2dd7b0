"""Whoever takes an account over, or waits in it for its owner, does not keep it (LK2; Sudhodanan and Paverd, 2022)."""

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from ciam_core.accounts.queries import addresses_of, person_at
from ciam_core.events import AddressChangeUndone, PasswordVoided
from tests.core.accounts.doors import Pages
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


def open_account_in_her_name():
    mallory = Pages()
    mallory.sign_up(HERS, KNOWN_TO_MALLORY)
    return mallory


def change_address(pages, address):
    pages.go("ciam_change_address", {"email": address})
    pages.confirm_address(code_in(newest_to(address)))


def undo(message):
    return Pages().use_link(link_in(message))


def held(user):
    return {(row.email, row.primary) for row in addresses_of(user)}


def test_an_account_opened_in_her_name_loses_its_password_when_she_proves_the_address_by_code(door, recorded):
    open_account_in_her_name()
    door.ask_for_code(HERS)
    door.enter_code(code_in(newest_to(HERS)))
    assert door.is_signed_in()
    assert len(recorded(PasswordVoided)) == 1
    assert Pages().sign_in(HERS, KNOWN_TO_MALLORY).status_code == 400


def test_it_loses_its_password_when_she_recovers_it(door):
    open_account_in_her_name()
    door.ask_for_recovery(HERS)
    door.recover(code_in(newest_to(HERS)), NEW)
    assert door.is_signed_in()
    assert Pages().sign_in(HERS, KNOWN_TO_MALLORY).status_code == 400


def test_the_browser_that_opened_it_does_not_come_in_after_her(pages):
    mallory = open_account_in_her_name()
    pages.ask_for_code(HERS)
    pages.enter_code(code_in(newest_to(HERS)))
    mallory.go("ciam_resend_verification")
    for step in ("ciam_verify_address", "ciam_confirm_sign_in_code", "ciam_use_link", "ciam_set_new_password"):
        mallory.go(step, {"code": "123456", "password": KNOWN_TO_MALLORY})
    assert not mallory.is_signed_in()


def test_a_sign_up_link_in_her_mailbox_dies_when_she_proves_the_address_otherwise(pages):
    open_account_in_her_name()
    sign_up_mail = newest_to(HERS)
    pages.ask_for_code(HERS)
    pages.enter_code(code_in(newest_to(HERS)))
    assert Pages().get(link_in(sign_up_mail)).status_code == 400


def test_her_own_sign_up_after_it_tells_her_and_opens_nothing(pages):
    open_account_in_her_name()
    pages.sign_up(HERS, NEW)
    assert "/password/reset/" in newest_to(HERS).body
    assert not pages.is_signed_in()


def test_the_undo_link_brings_every_address_back_and_ends_all_access(thief, alice, recorded):
    AddressFactory(user=alice, email="second@example.org")
    before = held(alice)
    change_address(thief, THEIRS)
    thief.remove_address(addresses_of(alice).get(email="second@example.org"))
    undo(newest_to(alice.email))
    alice.refresh_from_db()
    assert held(alice) == before
    assert alice.email == HERS
    assert not thief.is_signed_in()
    assert not alice.has_usable_password()
    assert len(recorded(AddressChangeUndone)) == 1


def test_the_undo_link_works_for_72_hours(thief, alice):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        change_address(thief, THEIRS)
        clock.shift(72 * 3600 + 1)
        assert Pages().get(link_in(newest_to(HERS))).status_code == 400
        clock.shift(-2)
        undo(newest_to(HERS))
    alice.refresh_from_db()
    assert alice.email == HERS


def test_a_second_use_of_the_undo_link_changes_nothing(thief, alice):
    change_address(thief, THEIRS)
    link = link_in(newest_to(HERS))
    Pages().use_link(link)
    assert Pages().get(link).status_code == 400


def test_changing_the_password_after_the_address_does_not_kill_the_undo_link(thief, alice):
    change_address(thief, THEIRS)
    undo_mail = newest_to(HERS)
    thief.change_password(PASSWORD, KNOWN_TO_MALLORY)
    thief.ask_for_recovery(THEIRS)
    undo(undo_mail)
    alice.refresh_from_db()
    assert alice.email == HERS


def test_recovering_through_the_stolen_address_does_not_kill_the_undo_link(thief, alice):
    change_address(thief, THEIRS)
    undo_mail = newest_to(HERS)
    thief.sign_out()
    thief.ask_for_recovery(THEIRS)
    thief.recover(code_in(newest_to(THEIRS)), KNOWN_TO_MALLORY)
    undo(undo_mail)
    alice.refresh_from_db()
    assert alice.email == HERS


def test_the_thief_cannot_kill_her_undo_link_with_one_of_their_own(thief, alice):
    change_address(thief, THEIRS)
    hers = newest_to(HERS)
    change_address(thief, "mallory2@example.net")
    for message in mails_to(THEIRS):
        if "/accounts/link/" in message.body:
            undo(message)
    undo(hers)
    alice.refresh_from_db()
    assert alice.email == HERS
    assert held(alice) == {(HERS, True)}


def test_after_her_undo_no_undo_link_of_the_thief_works(thief, alice):
    change_address(thief, THEIRS)
    hers = newest_to(HERS)
    change_address(thief, "mallory2@example.net")
    undo(hers)
    for message in [*mails_to(THEIRS), *mails_to("mallory2@example.net")]:
        if "/accounts/link/" in message.body:
            undo(message)
    alice.refresh_from_db()
    assert alice.email == HERS
    assert held(alice) == {(HERS, True)}


def test_an_address_the_thief_added_before_taking_over_does_not_bring_them_back(thief, alice):
    """Adding first and making it primary afterwards must not put it among the addresses that come back."""
    thief.add_address(THEIRS)
    thief.confirm_address(code_in(newest_to(THEIRS)))
    thief.make_primary(addresses_of(alice).get(email=THEIRS))
    undo(newest_to(HERS))
    mail.outbox.clear()
    thief = Pages()
    thief.ask_for_recovery(THEIRS)
    assert not [message for message in mails_to(THEIRS) if "/accounts/link/" in message.body]
    assert person_at(THEIRS) is None


def test_a_pending_change_of_the_thief_dies_with_her_undo(thief, alice):
    change_address(thief, THEIRS)
    thief.go("ciam_change_address", {"email": "mallory2@example.net"})
    pending = newest_to("mallory2@example.net")
    undo(newest_to(HERS))
    assert Pages().get(link_in(pending)).status_code == 400


def test_a_pending_change_of_the_thief_dies_when_she_changes_the_address_herself(thief, alice, pages):
    """RC5."""
    thief.go("ciam_change_address", {"email": THEIRS})
    pages.sign_in(HERS, PASSWORD)
    change_address(pages, "alice@example.com")
    Pages().use_link(link_in(newest_to(THEIRS)))
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_an_address_added_to_mallorys_account_is_not_taken_from_whoever_proves_it(pages, mallory):
    """The classic-federated merge: mallory adds alice's address, alice signs up later."""
    mallorys = Pages()
    mallorys.sign_in(mallory.email, PASSWORD)
    mallorys.add_address(HERS)
    pages.sign_up(HERS, NEW)
    pages.verify(code_in(newest_to(HERS)))
    assert pages.is_signed_in()
    assert person_at(HERS) != mallory
    assert not addresses_of(mallory).filter(email=HERS, verified=True).exists()


def test_a_token_is_nowhere_but_in_the_mail(thief, alice):
    """What is stored is a digest (ASVS 6.5.2)."""
    from django.core import serializers

    from ciam_core.kernel.models import Outbox, Proof

    change_address(thief, THEIRS)
    stored = serializers.serialize("json", [*Proof.objects.all(), *Outbox.objects.all()])
    assert token_in(newest_to(HERS)) not in stored
