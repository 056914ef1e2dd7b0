"""A passkey as the second factor, and signing in with one alone."""

import pytest

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.events import FactorRejected, FactorVerified, PasskeyCounterRegressed
from ciam_mfa.exceptions import AuthenticatorDisabled, AuthenticatorUnknown, PasskeyRefused, PasskeyUnknown
from ciam_mfa.factors.queries import offers_to
from ciam_mfa.flows import (
    begin_factor,
    remove_authenticator,
    sign_in_with_passkey,
    start_passkey_sign_in,
    verify_factor,
)
from ciam_mfa.models import Passkey
from tests.mfa.people import with_passkey, with_totp
from tests.mfa.soft_authenticator import b64


def answer(person, passkey, row, **otherwise):
    begun = begin_factor(person, f"passkey-{row.pk}", origin=SYSTEM)
    given = {"credential": passkey.get(begun.prompt["request_options"], **otherwise)}
    return verify_factor(person, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)


def sign_in(passkey, **otherwise):
    begun = start_passkey_sign_in()
    given = passkey.get(begun.prompt["request_options"], **otherwise)
    return sign_in_with_passkey(given, state=begun.state, origin=SYSTEM)


def test_after_a_password_having_it_is_enough(alice, recorded):
    passkey, row = with_passkey(alice, uv=False)
    found = answer(alice, passkey, row)
    assert (found.level, found.amr) == (Level.AAL2, ("pop", "user"))
    assert [event.authenticator for event in recorded(FactorVerified)] == [f"passkey-{row.pk}"]


def test_alone_it_must_have_checked_who_holds_it(alice, recorded):
    """Trap 9, N14: only a verified user makes two factors of one passkey."""
    passkey, row = with_passkey(alice)
    own, found = sign_in(passkey)
    assert (own, found.level, found.amr) == (row, Level.AAL2, ("pop", "user", "mfa"))
    passkey.uv = False
    with pytest.raises(PasskeyRefused):
        sign_in(passkey)
    assert [event.authenticator for event in recorded(FactorRejected)] == [f"passkey-{row.pk}"]


def test_what_any_browser_is_asked_names_nobody(alice):
    """EN7."""
    with_passkey(alice)
    asked = start_passkey_sign_in().prompt["request_options"]
    assert (asked["allowCredentials"], asked["userVerification"], asked["rpId"]) == ([], "required", "testserver")


def test_a_second_factor_is_asked_of_this_person_s_own(alice, bob):
    passkey, row = with_passkey(alice)
    with_passkey(bob)
    asked = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM).prompt["request_options"]
    assert [own["id"] for own in asked["allowCredentials"]] == [b64(passkey.id)]
    assert asked["userVerification"] == "preferred"


def test_several_passkeys_are_one_offer_and_whichever_is_at_hand_answers(alice, recorded):
    with_totp(alice)
    _, first = with_passkey(alice)
    passkey, second = with_passkey(alice)
    assert [offer.key.rpartition("-")[0] for offer in offers_to(alice)] == ["passkey", "totp"]
    answer(alice, passkey, first)
    assert [event.authenticator for event in recorded(FactorVerified)][-1] == f"passkey-{second.pk}"
    assert Passkey.objects.get(pk=second.pk).last_used_at is not None


def test_tries_are_counted_against_the_one_that_answered(alice):
    """MF4."""
    _, first = with_passkey(alice)
    passkey, _ = with_passkey(alice)
    for _ in range(5):
        with pytest.raises(PasskeyRefused):
            answer(alice, passkey, first, origin="https://evil.example")
    with pytest.raises(TooManyAttempts):
        answer(alice, passkey, first)
    passkey, _ = with_passkey(alice)
    answer(alice, passkey, first)


def test_a_removed_passkey_opens_nothing(alice):
    passkey, row = with_passkey(alice)
    remove_authenticator(alice, f"passkey-{row.pk}", origin=SYSTEM)
    with pytest.raises(PasskeyUnknown):
        sign_in(passkey)
    with pytest.raises(AuthenticatorUnknown):
        answer(alice, passkey, row)


def test_one_that_was_turned_off_opens_nothing(alice, noon):
    passkey, row = with_passkey(alice)
    Passkey.objects.update(disabled_at=row.created_at)
    with pytest.raises(PasskeyRefused):
        sign_in(passkey)
    with pytest.raises(AuthenticatorDisabled):
        answer(alice, passkey, row)


def test_wrong_answers_at_the_door_turn_nobody_s_passkey_off(alice, mfa):
    """Whoever knows its id could lock its owner out; they cannot guess a signature in any case."""
    mfa(CEILING=6)
    passkey, _ = with_passkey(alice)
    for _ in range(8):
        with pytest.raises(PasskeyRefused):
            sign_in(passkey, signature=lambda signature: b"x")
    sign_in(passkey)


def test_a_counter_that_goes_back_is_told_and_refused_where_there_can_be_no_copy(alice, recorded):
    """WebAuthn §6.1.1."""
    passkey, row = with_passkey(alice)
    for count in (5, 9):
        sign_in(passkey, count=count)
    for count in (9, 3, 0):
        with pytest.raises(PasskeyRefused):
            sign_in(passkey, count=count)
    assert [event.accepted for event in recorded(PasskeyCounterRegressed)] == [False] * 3
    assert Passkey.objects.get(pk=row.pk).sign_count == 9


def test_a_counter_that_goes_back_is_told_and_let_through_where_copies_are_right(alice, recorded):
    """MF17: a signal, no hard failure, for synced passkeys."""
    passkey, row = with_passkey(alice, synced=True)
    for count in (5, 3):
        sign_in(passkey, count=count)
    told = [(event.accepted, event.authenticator) for event in recorded(PasskeyCounterRegressed)]
    assert told == [(True, f"passkey-{row.pk}")]
    assert Passkey.objects.get(pk=row.pk).sign_count == 3


def test_one_that_counts_nothing_is_no_copy(alice, recorded):
    passkey, _ = with_passkey(alice, synced=True)
    sign_in(passkey)
    sign_in(passkey)
    assert recorded(PasskeyCounterRegressed) == []


def test_a_counter_may_be_as_large_as_four_bytes_are(alice):
    passkey, row = with_passkey(alice)
    sign_in(passkey, count=2**32 - 1)
    assert Passkey.objects.get(pk=row.pk).sign_count == 2**32 - 1


def test_whether_it_is_backed_up_is_kept_as_it_is_now(alice):
    passkey, row = with_passkey(alice, synced=True)
    sign_in(passkey, flags=0x01 | 0x04 | 0x08)
    assert Passkey.objects.get(pk=row.pk).backup_state is False
