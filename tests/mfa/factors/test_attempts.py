"""How often an authenticator may be tried (MF3, MF4, N7, TH3)."""

from datetime import timedelta

import pytest
from django.core import mail

from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.events import FactorDisabled
from ciam_mfa.exceptions import AnswerRejected, AuthenticatorDisabled
from ciam_mfa.flows import verify_factor
from ciam_mfa.queries import authenticators_of, demands_second_factor, locked_until
from tests.mfa.people import shows, with_totp, wrong


def guess(person, app):
    with pytest.raises(AnswerRejected):
        verify_factor(person, f"totp-{app.pk}", answer={"code": wrong(app)}, origin=SYSTEM)


def answer(person, app):
    return verify_factor(person, f"totp-{app.pk}", answer={"code": shows(app)}, origin=SYSTEM)


def test_after_some_wrong_codes_even_the_right_one_waits(alice, phone, noon):
    """Trap 4: until when is told."""
    for _ in range(5):
        guess(alice, phone)
    with pytest.raises(TooManyAttempts) as refusal:
        answer(alice, phone)
    assert refusal.value.retry_after == 1
    assert list(locked_until([f"totp-{phone.pk}"])) == [f"totp-{phone.pk}"]

    noon.shift(timedelta(seconds=1))
    assert locked_until([f"totp-{phone.pk}"]) == {}
    answer(alice, phone)


def test_waits_grow_to_a_quarter_of_an_hour_and_no_further(alice, phone, noon):
    """Trap 4: django-otp's own would be six days by now."""
    for _ in range(30):
        guess(alice, phone)
        noon.shift(timedelta(minutes=15))
    answer(alice, phone)


def test_a_hundred_wrong_codes_turn_it_off_and_tell_its_owner(
    alice, phone, noon, recorded, django_capture_on_commit_callbacks
):
    """N7."""
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(100):
            guess(alice, phone)
            noon.shift(timedelta(minutes=15))
    assert len(recorded(FactorDisabled)) == 1
    assert [message.subject for message in mail.outbox] == ["Shop: a second factor was turned off"]
    with pytest.raises(AuthenticatorDisabled):
        answer(alice, phone)


def test_one_that_was_turned_off_is_still_demanded(alice, phone, noon, mfa):
    """Or a hundred guesses would open the account to whoever knows the password."""
    mfa(CEILING=6)
    for _ in range(6):
        guess(alice, phone)
        noon.shift(timedelta(minutes=15))
    assert not any(own.is_usable for own in authenticators_of(alice))
    assert demands_second_factor(authenticators_of(alice))


def test_a_right_answer_clears_its_own_count_and_no_other(alice, phone, noon):
    """MF4."""
    tablet = with_totp(alice, name="Tablet")
    for _ in range(5):
        guess(alice, tablet)
    answer(alice, phone)
    with pytest.raises(TooManyAttempts):
        answer(alice, tablet)


def test_a_right_answer_starts_the_count_again(alice, phone, noon):
    for _ in range(4):
        guess(alice, phone)
    answer(alice, phone)
    noon.shift(timedelta(seconds=30))
    for _ in range(4):
        guess(alice, phone)
    answer(alice, phone)


def test_django_otp_s_own_forms_open_nothing_and_burn_nothing(alice, phone):
    """Traps 5 and 6."""
    from django_otp import match_token, verify_token

    assert match_token(alice, shows(phone)) is None
    assert verify_token(alice, phone.persistent_id, shows(phone)) is None
    answer(alice, phone)


def test_django_otp_finds_it_by_its_persistent_id(alice, phone):
    """Trap 2: also where the person's own key is a UUID."""
    from django_otp import devices_for_user
    from django_otp.models import Device

    assert Device.from_persistent_id(phone.persistent_id) == phone
    assert list(devices_for_user(alice)) == [phone]


def test_a_try_inside_a_transaction_is_a_mistake_of_the_caller(alice, phone, transactional_db):
    """Trap 5: what rolls back would take the count with it."""
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError):
        answer(alice, phone)
