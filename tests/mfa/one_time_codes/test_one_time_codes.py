"""A texted code: once, for one authenticator, in the session that asked, for five minutes."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import connection

from ciam_core.accounts.phones.exceptions import PhoneRefused
from ciam_core.kernel.assurance import Level
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.models import Outbox, Proof
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.secrets import unseal
from ciam_mfa.events import FactorAdded, FactorCodeSent, FactorRejected, FactorVerified
from ciam_mfa.exceptions import (
    AnswerRejected,
    AuthenticatorDisabled,
    AuthenticatorUnknown,
    EnrolmentExpired,
    TextsOff,
    TooManyAuthenticators,
)
from ciam_mfa.flows import (
    begin_factor,
    confirm_number,
    remove_authenticator,
    resend_number_code,
    start_number,
    verify_factor,
)
from ciam_mfa.models import TextedNumber
from ciam_mfa.one_time_codes.factor import text_messages
from ciam_mfa.queries import authenticators_of, locked_until
from tests.mfa.one_time_codes.conftest import HERS
from tests.mfa.people import newest_code, with_number

OTHER = "+491701234567"


def ask(person, number):
    begun = begin_factor(person, f"text_message-{number.pk}", origin=SYSTEM)
    return begun, newest_code()


def answer(person, number, code, begun=None):
    state = begun.state if begun else None
    return verify_factor(person, f"text_message-{number.pk}", answer={"code": code}, state=state, origin=SYSTEM)


def another(code):
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def test_a_right_code_makes_two_factors(alice, number, recorded):
    begun, code = ask(alice, number)
    found = answer(alice, number, code, begun)
    assert (found.amr, found.level) == (("sms",), Level.AAL2)
    assert [event.authenticator for event in recorded(FactorVerified)] == [f"text_message-{number.pk}"]
    number.refresh_from_db()
    assert number.last_used_at is not None


def test_the_text_is_tied_to_this_site(alice, number, committed):
    """The last line is what a browser reads (WICG, origin-bound one-time codes)."""
    begun = begin_factor(alice, f"text_message-{number.pk}", origin=SYSTEM)
    row = Outbox.objects.filter(kind="sms").latest("pk")
    assert row.give_up_at - row.created_at == timedelta(minutes=5)
    code = newest_code()
    sent = json.loads(unseal(row.sealed, context=f"ciam_kernel.Outbox:{row.pk}"))
    assert sent["to"] == HERS
    assert sent["text"].splitlines()[-1] == f"@testserver #{code}"
    assert begun.prompt == {"sent_to": number.hint, "minutes": 5, "resend_in": 30}


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_a_code_is_as_long_as_the_setting_says(alice, number, mfa, digits):
    mfa(CODE_DIGITS=digits)
    begun, code = ask(alice, number)
    assert len(code) == digits
    answer(alice, number, code, begun)


def test_a_code_is_taken_once(alice, number):
    """MF1, MF2."""
    begun, code = ask(alice, number)
    answer(alice, number, code, begun)
    with pytest.raises(AnswerRejected):
        answer(alice, number, code, begun)


def test_a_code_is_good_for_five_minutes(alice, number, noon):
    begun, code = ask(alice, number)
    noon.shift(timedelta(minutes=5, seconds=1))
    with pytest.raises(AnswerRejected):
        answer(alice, number, code, begun)


def test_a_new_code_ends_the_one_before(alice, number, noon):
    before, code = ask(alice, number)
    noon.shift(timedelta(seconds=31))
    begun, newer = ask(alice, number)
    for state in (before, begun):
        with pytest.raises(AnswerRejected):
            answer(alice, number, code if code != newer else another(code), state)
    answer(alice, number, newer, begun)


def test_a_code_is_for_the_session_that_asked(alice, number):
    """TH10: a thief who knows the password and reads the code over a shoulder has no session that asked for it."""
    _, code = ask(alice, number)
    with pytest.raises(AnswerRejected):
        answer(alice, number, code)


def test_a_code_is_for_one_authenticator(alice, number, noon):
    second = with_number(alice, OTHER)
    begun, code = ask(alice, number)
    with pytest.raises(AnswerRejected):
        answer(alice, second, code, begun)


def test_a_code_is_for_one_person(alice, bob, number, noon):
    his = with_number(bob, OTHER)
    begun, code = ask(alice, number)
    with pytest.raises(AuthenticatorUnknown):
        answer(bob, number, code, begun)
    with pytest.raises(AnswerRejected):
        answer(bob, his, code, begun)


def test_nobody_has_a_code_sent_to_another(bob, number):
    with pytest.raises(AuthenticatorUnknown):
        begin_factor(bob, f"text_message-{number.pk}", origin=SYSTEM)


def test_a_code_of_enrolment_answers_no_challenge(alice, number):
    begun = start_number(alice, OTHER, origin=SYSTEM)
    waiting = TextedNumber.objects.get(confirmed=False)
    TextedNumber.objects.filter(pk=waiting.pk).update(confirmed=True)
    with pytest.raises(AnswerRejected):
        answer(alice, waiting, newest_code(), begun)


def test_a_code_of_a_challenge_enrols_nothing(alice, number):
    begun, code = ask(alice, number)
    TextedNumber.objects.filter(pk=number.pk).update(confirmed=False)
    with pytest.raises(AnswerRejected):
        confirm_number(alice, code=code, state=begun.state, origin=SYSTEM)


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda code: code.translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}),
        lambda code: f"\u200e{code}\u00a0",
    ],
    ids=["spaces", "dash", "arabic", "full-width", "invisible"],
)
def test_digits_count_however_they_are_typed(alice, number, typed):
    begun, code = ask(alice, number)
    answer(alice, number, typed(code), begun)


@pytest.mark.parametrize("typed", ["", " ", "abcdef", "12345", "1234567", "½23456", "9" * 10_000, "\x00"])
def test_what_is_no_code_is_a_wrong_code(alice, number, typed, recorded):
    """MF19: empty and garbled answers fail closed, and count."""
    begun, _ = ask(alice, number)
    with pytest.raises(AnswerRejected):
        answer(alice, number, typed, begun)
    assert len(recorded(FactorRejected)) == 1


@pytest.mark.parametrize("state", [{}, {"code": ""}, {"code": "x" * 999}, {"code": None}])
def test_a_garbled_state_is_a_wrong_code(alice, number, state):
    _, code = ask(alice, number)
    with pytest.raises(AnswerRejected):
        verify_factor(alice, f"text_message-{number.pk}", answer={"code": code}, state=state, origin=SYSTEM)


def test_another_text_gives_no_fresh_tries(alice, number, noon):
    """MF3, MF4: tries are counted against the authenticator."""
    begun, code = ask(alice, number)
    for _ in range(3):
        with pytest.raises(AnswerRejected):
            answer(alice, number, another(code), begun)
    noon.shift(timedelta(seconds=31))
    begun, code = ask(alice, number)
    for _ in range(2):
        with pytest.raises(AnswerRejected):
            answer(alice, number, another(code), begun)
    assert locked_until([f"text_message-{number.pk}"])
    with pytest.raises(TooManyAttempts):
        answer(alice, number, code, begun)


def test_one_code_takes_five_wrong_answers(alice, number, mfa):
    """Also where the host lets more be tried for free."""
    mfa(FREE_TRIES=50)
    begun, code = ask(alice, number)
    for _ in range(5):
        with pytest.raises(AnswerRejected):
            answer(alice, number, another(code), begun)
    with pytest.raises(AnswerRejected):
        answer(alice, number, code, begun)


def test_too_many_wrong_answers_turn_it_off(alice, number, mfa, noon):
    mfa(FREE_TRIES=2, CEILING=3)
    begun, code = ask(alice, number)
    for _ in range(3):
        with pytest.raises(AnswerRejected):
            answer(alice, number, another(code), begun)
        noon.shift(timedelta(seconds=10))
    with pytest.raises(AuthenticatorDisabled):
        answer(alice, number, code, begun)
    with pytest.raises(AuthenticatorDisabled):
        ask(alice, number)


def test_another_text_waits(alice, number, noon):
    ask(alice, number)
    with pytest.raises(TooManyAttempts) as refused:
        ask(alice, number)
    assert refused.value.retry_after == 30
    noon.shift(timedelta(seconds=31))
    ask(alice, number)


def test_a_number_is_not_flooded(alice, number, noon):
    """MF13: five texts to one recipient in an hour, the one that enrolled it among them."""
    for _ in range(4):
        ask(alice, number)
        noon.shift(timedelta(seconds=31))
    with pytest.raises(TooManyAttempts):
        ask(alice, number)


@pytest.mark.parametrize("budget", ["sms.network", "sms.prefix", "sms.country", "sms.day"])
def test_texts_are_counted_where_all_texts_are(alice, number, settings, budget):
    """MF13: toll fraud meets the budgets of every other text."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": {budget: (1, timedelta(days=1))}}
    with pytest.raises(TooManyAttempts):
        ask(alice, number)


def test_one_person_texts_ten_numbers_a_day(alice, noon, settings):
    """MF13: with an account of their own, somebody would let us text numbers that pay them."""
    for last in range(10):
        start_number(alice, f"+4479111234{last:02d}", origin=SYSTEM)
        noon.shift(timedelta(hours=1, minutes=1))
    with pytest.raises(TooManyAttempts):
        start_number(alice, OTHER, origin=SYSTEM)


def test_a_number_that_costs_money_is_refused(alice):
    """MF13."""
    with pytest.raises(PhoneRefused):
        start_number(alice, "+4909001234567", origin=SYSTEM)
    assert not Outbox.objects.filter(kind="sms").exists()


def test_a_number_counts_once_its_code_is_entered(alice, recorded):
    begun = start_number(alice, "+44 7911 123456", origin=SYSTEM)
    assert authenticators_of(alice) == []

    added = confirm_number(alice, code=newest_code(), state=begun.state, origin=SYSTEM)
    assert [(own.factor.name, own.name) for own in authenticators_of(alice)] == [("text_message", added.name)]
    assert [event.factor for event in recorded(FactorAdded)] == ["text_message"]


def test_what_bob_started_is_not_for_alice_to_confirm(alice, bob):
    """MF9."""
    begun = start_number(bob, HERS, origin=SYSTEM)
    with pytest.raises(EnrolmentExpired):
        confirm_number(alice, code=newest_code(), state=begun.state, origin=SYSTEM)


def test_an_enrolment_is_confirmed_in_the_session_that_began_it(alice):
    start_number(alice, HERS, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        confirm_number(alice, code=newest_code(), state={}, origin=SYSTEM)


def test_another_code_for_a_number_on_its_way_ends_the_first(alice, noon):
    before, first = start_number(alice, HERS, origin=SYSTEM), newest_code()
    with pytest.raises(TooManyAttempts):
        resend_number_code(alice, origin=SYSTEM)
    noon.shift(timedelta(seconds=31))
    begun = resend_number_code(alice, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        confirm_number(alice, code=first, state=before.state, origin=SYSTEM)
    confirm_number(alice, code=newest_code(), state=begun.state, origin=SYSTEM)


def test_nobody_has_more_numbers_than_there_may_be(alice, number, mfa):
    mfa(MAX_AUTHENTICATORS=1)
    with pytest.raises(TooManyAuthenticators):
        start_number(alice, OTHER, origin=SYSTEM)
    assert not TextedNumber.objects.filter(confirmed=False).exists()


def test_nobody_adds_a_number_where_the_host_offers_none(alice, number, mfa):
    """Who has one keeps it: turning it off must not lock anybody out."""
    mfa(TEXT_MESSAGES=False)
    with pytest.raises(TextsOff):
        start_number(alice, OTHER, origin=SYSTEM)
    begun, code = ask(alice, number)
    answer(alice, number, code, begun)


def test_without_a_gateway_nothing_is_asked_for(alice, number, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "off"}
    with pytest.raises(TextsOff):
        ask(alice, number)
    assert not text_messages.may_add([])


def test_number_and_code_are_nowhere_in_the_open(alice, number, recorded, caplog):
    """N8: not in rows, events, logs, repr, prompts or what the session keeps."""
    with caplog.at_level(logging.DEBUG):
        begun, code = ask(alice, number)
        found = answer(alice, number, code, begun)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hint, name FROM ciam_mfa_textednumber")
        kept = str(cursor.fetchall())
    proofs = str(list(Proof.objects.values()))
    told = f"{number!r} {number} {found!r} {begun!r} {recorded(FactorCodeSent)} {recorded(FactorVerified)}"
    for text in (kept, proofs, told, caplog.text, str(authenticators_of(alice))):
        assert HERS not in text
        assert HERS[3:] not in text
    for text in (proofs, told, caplog.text):
        assert f"'{code}'" not in text
    assert code not in f"{told} {caplog.text}"


def test_a_removed_number_opens_nothing(alice, number):
    begun, code = ask(alice, number)
    remove_authenticator(alice, f"text_message-{number.pk}", origin=SYSTEM)
    with pytest.raises(AuthenticatorUnknown):
        answer(alice, number, code, begun)


def test_a_number_a_thief_added_goes_with_the_lock_down(alice, number):
    begun, code = ask(alice, number)
    end_all_access(alice, reason="locked_down")
    assert authenticators_of(alice) == []
    with pytest.raises(AuthenticatorUnknown):
        answer(alice, number, code, begun)
