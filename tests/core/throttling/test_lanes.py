"""The owner on a device of theirs is not held up by anybody (TH4, DO5, MF4)."""

from dataclasses import replace

import pytest

from ciam_core.events import PasswordClosedToStrangers
from ciam_core.exceptions import PasswordClosed
from ciam_core.flows import confirm_code, confirm_password, request_sign_in, sign_in_with_password
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.http import DEVICE_HEADER
from ciam_core.kernel.secrets import token_digest
from ciam_core.throttling.lanes import device_trust, is_known_device
from tests.core.accounts.doors import DOORS
from tests.core.throttling.conftest import LAPTOP, stranger
from tests.core.throttling.guessing import close, guess
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_owner_signs_in_at_home_however_often_strangers_try(alice, laptop, clock):
    """DO5, TH4: a refused try changes nothing, so that some hundreds stand for ten thousand."""
    close(alice.email, clock)
    for number in range(500):
        guess(alice.email, origin=stranger(number))
    assert sign_in_with_password(alice.email, password=PASSWORD, origin=laptop) == alice


@pytest.mark.parametrize("kind", DOORS)
def test_every_door_knows_the_device(kind, alice, book, clock):
    book.add((token_digest("a token"), alice.email))
    for _ in range(6):
        last = kind().sign_in(alice.email, "guess").status_code
    assert last == 429
    door = kind(headers={DEVICE_HEADER: "a token"})
    door.sign_in(alice.email, PASSWORD)
    assert door.is_signed_in()


def test_the_admin_knows_the_device(alice, book, clock, client):
    alice.is_staff = True
    alice.save()
    book.add((token_digest("a token"), alice.email))
    for number in range(6):
        guess(alice.email, origin=stranger(number))
    form = {"username": alice.email, "password": PASSWORD}
    client.post("/admin/login/", form)
    assert "_auth_user_id" not in client.session
    client.post("/admin/login/", form, headers={DEVICE_HEADER: "a token"})
    assert "_auth_user_id" in client.session


def test_a_network_that_is_used_up_does_not_hold_the_owner_up(alice, laptop, clock, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 2}
    neighbour = replace(laptop, device=None)
    assert [guess(f"p{number}@example.org", origin=neighbour) > 0 for number in range(3)] == [False, False, True]
    assert sign_in_with_password(alice.email, password=PASSWORD, origin=laptop) == alice


def test_a_device_of_mallory_s_is_a_stranger_s_at_alice_s_account(alice, book, laptop, clock):
    book.add(("mallory's phone", "mallory@example.org"))
    phone = replace(laptop, device="mallory's phone")
    assert [guess(alice.email, origin=phone) > 0 for _ in range(6)] == [False] * 5 + [True]


def test_a_device_waits_for_itself_alone_and_has_the_same_ceiling(alice, laptop, clock, recorded):
    """MF4, N7: a stolen device is no place to guess in either."""
    for _ in range(5):
        assert guess(alice.email, origin=laptop) == 0
    assert guess(alice.email, origin=laptop) == 1
    assert sign_in_with_password(alice.email, password=PASSWORD, origin=stranger()) == alice
    while (wait := guess(alice.email, origin=laptop)) != 24 * 3600:
        clock.shift(wait)
    with pytest.raises(PasswordClosed):
        sign_in_with_password(alice.email, password=PASSWORD, origin=laptop)
    assert [event.device for event in recorded(PasswordClosedToStrangers)] == [True]


def test_a_success_at_home_does_not_reset_strangers(alice, laptop, clock):
    """MF4: or each sign-in of the owner would give an attacker five more."""
    for number in range(5):
        guess(alice.email, origin=stranger(number))
    sign_in_with_password(alice.email, password=PASSWORD, origin=laptop)
    assert guess(alice.email) == 1


def test_a_code_is_mailed_and_taken_at_home_when_strangers_have_used_up_theirs(alice, laptop, clock):
    """DO5, DO12."""
    from ciam_core.accounts import purposes
    from ciam_core.kernel.proofs import CodeRejected, ProofRejected
    from tests.core.accounts.mailbox import code_in, newest_to

    for _ in range(10):
        theirs = request_sign_in(alice.email, binding="", origin=stranger())
        for _ in range(5):
            with pytest.raises((CodeRejected, ProofRejected, TooManyAttempts)):
                confirm_code(theirs.pk, "wrong", purposes.sign_in(), origin=stranger())
    with pytest.raises(TooManyAttempts):
        request_sign_in(alice.email, binding="", origin=stranger())
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        mine = request_sign_in(alice.email, binding="", origin=laptop)
    code = code_in(newest_to(alice.email))
    assert confirm_code(mine.pk, code, purposes.sign_in(), origin=laptop).subject_id == str(alice.pk)


def test_a_known_device_mails_no_more_than_five_an_hour(alice, laptop, clock):
    """DO12."""
    for _ in range(5):
        request_sign_in(alice.email, binding="", origin=laptop)
    with pytest.raises(TooManyAttempts):
        request_sign_in(alice.email, binding="", origin=laptop)


def test_a_thief_in_a_session_does_not_use_up_the_owner_s_confirmations(alice, laptop, clock):
    from ciam_core.accounts.exceptions import PasswordWrong

    for _ in range(5):
        with pytest.raises(PasswordWrong):
            confirm_password(alice, password="guess", origin=stranger())
    with pytest.raises(TooManyAttempts):
        confirm_password(alice, password="guess", origin=stranger())
    confirm_password(alice, password=PASSWORD, origin=laptop)


def test_the_book_is_asked_alike_about_known_and_unknown_addresses(alice, clock):
    """EN1: once, before anything is looked up, and not at all for a request that names no device."""
    asked = []

    def note(address, origin):
        asked.append(address)
        return

    device_trust.add("noting", note)
    try:
        for address in (alice.email, "nobody@example.org"):
            guess(address, origin=replace(stranger(), device=LAPTOP))
            guess(address)
    finally:
        device_trust.remove("noting")
    assert asked == [alice.email, "nobody@example.org"]


def test_without_a_book_nobody_is_known(alice, laptop):
    assert is_known_device("alice@example.org", laptop)
    device_trust.remove("tests")
    try:
        assert not is_known_device("alice@example.org", laptop)
    finally:
        device_trust.add("tests", lambda address, origin: None)
