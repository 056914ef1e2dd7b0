"""MF2, MF16: of 50 answers at once, one counts. On PostgreSQL, where they really are at once."""

from collections import Counter

import pytest
from django.utils import timezone

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import (
    add_passkey,
    begin_factor,
    sign_in_with_passkey,
    start_passkey,
    start_passkey_sign_in,
    verify_factor,
)
from ciam_mfa.models import Passkey, PasskeyOffer
from ciam_mfa.passkeys.offering import offer_passkey
from tests.mfa.people import with_passkey
from tests.mfa.soft_authenticator import SoftPasskey
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


@pytest.mark.parametrize("synced", [True, False])
def test_one_challenge_of_a_passkey_signs_in_once(alice, synced):
    """MF16."""
    passkey, _ = with_passkey(alice, synced=synced)
    begun = start_passkey_sign_in()
    given = passkey.get(begun.prompt["request_options"])
    results = race(lambda: sign_in_with_passkey(given, state=begun.state, origin=SYSTEM))
    assert outcomes(results) == {"tuple": 1, "PasskeyRefused": 49}


def test_one_challenge_of_a_passkey_is_one_second_factor(alice, mfa):
    """MF2, MF16."""
    mfa(FREE_TRIES=90)
    passkey, row = with_passkey(alice, synced=True)
    begun = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM)
    answer = {"credential": passkey.get(begun.prompt["request_options"])}
    results = race(lambda: verify_factor(alice, f"passkey-{row.pk}", answer=answer, state=begun.state, origin=SYSTEM))
    assert outcomes(results) == {"RightSignature": 1, "PasskeyRefused": 49}


def test_one_passkey_is_enrolled_once(alice):
    passkey, begun = SoftPasskey(), start_passkey(alice, origin=SYSTEM)
    made = passkey.make(begun.prompt["creation_options"])
    results = race(lambda: add_passkey(alice, made, state=begun.state, origin=SYSTEM))
    assert outcomes(results) == {"Passkey": 1, "PasskeyRefused": 49}


def test_of_one_passkey_made_for_many_challenges_one_row_is_left(alice, bob):
    passkey = SoftPasskey()
    begun = [(person, start_passkey(person, origin=SYSTEM)) for person in (alice, bob)]
    waiting = [(person, passkey.make(own.prompt["creation_options"]), own) for person, own in begun]
    results = race(lambda: _enrol(waiting.pop()), times=2)
    assert outcomes(results) == {"Passkey": 1, "PasskeyTaken": 1}
    assert Passkey.objects.count() == 1


def _enrol(waiting):
    person, made, begun = waiting
    return add_passkey(person, made, state=begun.state, origin=SYSTEM)


def test_of_two_assertions_with_one_counter_one_is_taken(alice):
    """A copy that is used at the same instant, with a challenge of its own."""
    passkey, _ = with_passkey(alice)
    begun = [start_passkey_sign_in() for _ in range(10)]
    waiting = [(passkey.get(own.prompt["request_options"], count=7), own) for own in begun]
    results = race(lambda: _sign_in(waiting.pop()), times=10)
    assert outcomes(results) == {"tuple": 1, "PasskeyRefused": 9}


def _sign_in(waiting):
    given, begun = waiting
    return sign_in_with_passkey(given, state=begun.state, origin=SYSTEM)


@pytest.mark.parametrize("asked_before", [False, True])
def test_of_many_sign_ins_at_once_one_is_offered_a_passkey(alice, asked_before):
    if asked_before:
        PasskeyOffer.objects.create(user=alice, again_at=timezone.now())
    assert Counter(race(lambda: offer_passkey(alice, origin=SYSTEM))) == {True: 1, False: 49}
