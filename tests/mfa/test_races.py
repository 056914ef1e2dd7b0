"""MF2, MF14, F30, TH3: of 50 at once, one wins. On PostgreSQL, where they really are at once."""

from collections import Counter

import pytest
from django.test import RequestFactory

from ciam_core.kernel.models import Outbox
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import (
    begin_factor,
    confirm_number,
    confirm_totp,
    make_recovery_codes,
    start_number,
    start_totp,
    verify_factor,
)
from ciam_mfa.models import HeldRequest, RecoveryCode, RecoveryCodeSet
from ciam_mfa.queries import authenticators_of
from ciam_mfa.step_up.holding import HELD_KEY, hold_request, resume_request
from tests.mfa.people import newest_code, shows, with_number, with_recovery_codes, with_totp, wrong
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


@pytest.fixture
def room(mfa):
    """More free tries than 50, so that waits are not what stops them."""
    mfa(FREE_TRIES=90)


def test_one_code_of_an_app_is_taken_once(alice, phone, room):
    key, code = f"totp-{phone.pk}", shows(phone)
    results = race(lambda: verify_factor(alice, key, answer={"code": code}, origin=SYSTEM))
    assert outcomes(results) == {"RightCode": 1, "AnswerRejected": 49}


def test_one_recovery_code_is_taken_once(alice, room):
    codes = with_recovery_codes(alice)
    key = authenticators_of(alice)[-1].key
    results = race(lambda: verify_factor(alice, key, answer={"code": codes[0]}, origin=SYSTEM))
    assert outcomes(results) == {"RightCode": 1, "AnswerRejected": 49}
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_one_enrolment_is_confirmed_once(alice, room):
    waiting = start_totp(alice, origin=SYSTEM)
    code = shows(waiting)
    results = race(lambda: confirm_totp(alice, code=code, origin=SYSTEM))
    assert outcomes(results)["TotpAuthenticator"] == 1
    assert len(authenticators_of(alice)) == 1


def test_codes_made_at_once_leave_one_set(alice):
    with_totp(alice)
    results = race(lambda: make_recovery_codes(alice, origin=SYSTEM), times=10)
    assert outcomes(results) == {"list": 10}
    assert (RecoveryCodeSet.objects.count(), RecoveryCode.objects.count()) == (1, 10)


def test_of_a_burst_of_guesses_no_more_are_evaluated_than_are_free(alice, phone):
    key, code = f"totp-{phone.pk}", wrong(phone)
    results = race(lambda: verify_factor(alice, key, answer={"code": code}, origin=SYSTEM))
    assert outcomes(results) == {"AnswerRejected": 5, "TooManyAttempts": 45}


def test_a_held_form_runs_once(alice):
    held = hold(alice, "/payout/", {"amount": ["5"]})

    def visit():
        request = RequestFactory().get("/payout/")
        request.user, request.session = alice, {HELD_KEY: {"id": str(held.pk), "at": 0}}
        resume_request(request)
        return request

    methods = Counter(request.method for request in race(visit))
    assert methods == {"POST": 1, "GET": 49}


def hold(person, path, fields):
    request = RequestFactory().post(path, fields)
    request.user, request.session = person, {}
    hold_request(request)
    return HeldRequest.objects.get()


@pytest.fixture
def texted(alice, settings, mfa, noon):
    """A number of alice's, and room for 50 tries."""
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    mfa(TEXT_MESSAGES=True, FREE_TRIES=90)
    number = with_number(alice)
    noon.shift(60)
    return f"text_message-{number.pk}"


def test_one_texted_code_is_taken_once(alice, texted):
    """MF2."""
    begun = begin_factor(alice, texted, origin=SYSTEM)
    answer = {"code": newest_code()}
    results = race(lambda: verify_factor(alice, texted, answer=answer, state=begun.state, origin=SYSTEM))
    assert outcomes(results) == {"RightCode": 1, "AnswerRejected": 49}


def test_of_many_asked_for_at_once_one_text_leaves(alice, texted):
    """MF13."""
    sent = Outbox.objects.filter(kind="sms").count()
    results = race(lambda: begin_factor(alice, texted, origin=SYSTEM))
    assert outcomes(results) == {"Begun": 1, "TooManyAttempts": 49}
    assert Outbox.objects.filter(kind="sms").count() == sent + 1


def test_one_number_is_confirmed_once(alice, texted, noon):
    begun = start_number(alice, "+491701234567", origin=SYSTEM)
    code = newest_code()
    results = race(lambda: confirm_number(alice, code=code, state=begun.state, origin=SYSTEM))
    assert outcomes(results)["TextedNumber"] == 1
    assert len(authenticators_of(alice)) == 2
