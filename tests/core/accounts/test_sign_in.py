"""Signing in and out, by every door."""

import pytest
import time_machine
from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_password, sign_in_with_proof
from ciam_core.events import SignedIn, SignInRejected
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import ProofRejected, find_by_token
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to, token_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_password_signs_in_and_sign_out_ends_it(door, alice):
    door.sign_in(alice.email, PASSWORD)
    assert door.is_signed_in()
    door.sign_out()
    assert not door.is_signed_in()


def test_a_wrong_password_does_not(door, alice):
    assert door.sign_in(alice.email, PASSWORD + " ").status_code == 400
    assert not door.is_signed_in()


def test_the_address_may_be_typed_in_capitals(door, alice):
    door.sign_in(" Alice@EXAMPLE.org ", PASSWORD)
    assert door.is_signed_in()


def test_a_mailed_code_signs_in_once(door, alice):
    door.ask_for_code(alice.email)
    code = code_in(newest_to(alice.email))
    door.enter_code(code)
    assert door.is_signed_in()
    door.sign_out()
    door.enter_code(code)
    assert not door.is_signed_in()


def test_a_mailed_link_signs_in_where_it_was_asked_for(pages, alice):
    pages.ask_for_code(alice.email)
    pages.use_link(link_in(newest_to(alice.email)))
    assert pages.is_signed_in()


def test_a_mailed_link_signs_nobody_in_elsewhere(pages, alice):
    pages.ask_for_code(alice.email)
    elsewhere = type(pages)()
    elsewhere.use_link(link_in(newest_to(alice.email)))
    assert not elsewhere.is_signed_in()
    assert not pages.is_signed_in()


def test_a_code_is_dead_after_ten_minutes(door, alice):
    """ASVS 6.5.5."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        door.ask_for_code(alice.email)
        clock.shift(601)
        door.enter_code(code_in(newest_to(alice.email)))
        assert not door.is_signed_in()


def test_an_unproven_person_proves_the_address_first(door, bob):
    door.sign_in(bob.email, PASSWORD)
    assert not door.is_signed_in()
    door.verify(code_in(newest_to(bob.email)))
    assert door.is_signed_in()


def test_a_newer_code_ends_the_earlier_one(door, alice):
    """RC5."""
    door.ask_for_code(alice.email)
    first = code_in(newest_to(alice.email))
    door.ask_for_code_again()
    assert len(mails_to(alice.email)) == 2
    if first != code_in(newest_to(alice.email)):
        door.enter_code(first)
        assert not door.is_signed_in()


def test_the_trail_says_how_somebody_signed_in(pages, alice, recorded):
    pages.sign_in(alice.email, PASSWORD)
    assert [event.methods for event in recorded(SignedIn)] == [("password",)]


def test_the_trail_tells_a_wrong_password_from_an_unknown_address(alice, recorded):
    for address in (alice.email, "nobody@example.org"):
        with pytest.raises(SignInRefused):
            sign_in_with_password(address, password="wrong", origin=SYSTEM)
    assert [(event.subject_id, event.reason) for event in recorded(SignInRejected)] == [
        (str(alice.pk), "password"),
        (None, "unknown"),
    ]


def test_a_proof_signs_in_once(alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request_sign_in(alice.email, binding="", origin=SYSTEM)
    proof = find_by_token(token_in(newest_to(alice.email)), purposes.sign_in())
    assert sign_in_with_proof(proof, origin=SYSTEM) == alice
    with pytest.raises(ProofRejected):
        sign_in_with_proof(proof, origin=SYSTEM)
