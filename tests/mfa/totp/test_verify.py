"""Answering with an authenticator app: once each code, near its time, whatever digits it is typed in."""

from datetime import timedelta

import pytest

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.events import FactorRejected, FactorVerified
from ciam_mfa.exceptions import AnswerRejected, AuthenticatorUnknown
from ciam_mfa.flows import remove_authenticator, verify_factor
from ciam_mfa.totp.codes import code_at, current_step
from tests.mfa.people import shows, with_totp, wrong


def answer(person, app, code):
    return verify_factor(person, f"totp-{app.pk}", answer={"code": code}, origin=SYSTEM)


def test_a_right_code_makes_two_factors(alice, phone, recorded):
    found = answer(alice, phone, shows(phone))
    assert (found.amr, found.level) == (("otp",), Level.AAL2)
    assert [event.authenticator for event in recorded(FactorVerified)] == [f"totp-{phone.pk}"]


def test_a_code_is_taken_once(alice, phone, recorded):
    """MF1."""
    answer(alice, phone, shows(phone))
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(phone))
    assert len(recorded(FactorRejected)) == 1


def test_a_used_code_stays_used_when_every_cache_is_empty(alice, phone):
    """MF1, F15, trap 14: the row remembers."""
    from django.core.cache import cache

    answer(alice, phone, shows(phone))
    cache.clear()
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(phone))


def test_a_code_from_before_the_last_is_not_taken(alice, phone):
    answer(alice, phone, shows(phone, later=30))
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(phone))


def test_a_clock_that_goes_wrong_slowly_is_followed(alice, phone, noon):
    """RFC 6238 §6."""
    for ahead in (30, 60, 90):
        answer(alice, phone, shows(phone, later=ahead))
        noon.shift(timedelta(days=1))
    answer(alice, phone, shows(phone, later=120))


def test_a_clock_is_followed_five_minutes_and_no_further(alice, phone, noon):
    for steps in range(1, 12):
        answer(alice, phone, shows(phone, later=30 * steps))
        noon.shift(timedelta(days=1))
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(phone, later=30 * 12))


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_is_refused(alice, phone, hours):
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(phone, later=3600 * hours))


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda code: code.translate(str.maketrans("0123456789", "0123456789")),
        lambda code: f"\u200e{code}\u00a0",
    ],
    ids=["spaces", "dash", "arabic", "full-width", "invisible"],
)
def test_digits_count_however_they_are_typed(alice, phone, typed):
    answer(alice, phone, typed(shows(phone)))


@pytest.mark.parametrize("typed", ["", " ", "abcdef", "12345", "1234567", "½23456", "9" * 10_000, "\x00", "-12345"])
def test_what_is_no_code_is_a_wrong_code(alice, phone, typed, recorded):
    """MF19: empty and garbled answers fail closed, and count."""
    with pytest.raises(AnswerRejected):
        answer(alice, phone, typed)
    assert len(recorded(FactorRejected)) == 1


def test_an_answer_without_a_code_is_a_wrong_one(alice, phone):
    with pytest.raises(AnswerRejected):
        verify_factor(alice, f"totp-{phone.pk}", answer={}, origin=SYSTEM)


def test_nobody_answers_with_an_app_of_another(alice, bob, phone):
    with pytest.raises(AuthenticatorUnknown):
        answer(bob, phone, shows(phone))


def test_of_two_apps_the_one_that_was_named_is_asked(alice, phone):
    """Trap 6."""
    tablet = with_totp(alice, name="Tablet")
    with pytest.raises(AnswerRejected):
        answer(alice, phone, shows(tablet))
    answer(alice, tablet, shows(tablet))


def test_a_removed_app_opens_nothing(alice, phone):
    remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)
    with pytest.raises(AuthenticatorUnknown):
        answer(alice, phone, shows(phone))


def test_no_switch_takes_a_code_that_is_always_right(alice, phone, settings):
    """MF20."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = wrong(phone)
    with pytest.raises(AnswerRejected):
        answer(alice, phone, settings.MFA_TOTP_INSECURE_BYPASS_CODE)


def test_the_first_code_of_a_new_day_is_right(alice, phone, noon):
    noon.move_to("2027-01-01 00:00:00+00:00", tick=False)
    answer(alice, phone, code_at(phone.secret, current_step()))
