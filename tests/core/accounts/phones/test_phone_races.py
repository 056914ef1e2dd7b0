"""RC7, invariant 3, TH3: of 50 at once, one wins. On PostgreSQL, where they really are at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from ciam_core.accounts.phones.flows import add_phone, request_sms_sign_in, sign_in_by_sms
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.flows import recover, register_by_phone, request_recovery_by_phone
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM
from ciam_core.messages.limits import MESSAGE_BUDGETS
from tests.core.accounts.phones.conftest import HERS, OTHER
from tests.factories import PersonFactory
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


@pytest.fixture(autouse=True)
def room(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": dict.fromkeys(MESSAGE_BUDGETS)}


def test_a_texted_code_is_spent_once(phone):
    proof = request_sms_sign_in(HERS, binding="", origin=SYSTEM)
    results = race(lambda: sign_in_by_sms(Proof.objects.get(pk=proof.pk), origin=SYSTEM))
    assert outcomes(results) == {"User": 1, "ProofRejected": 49}


def test_a_number_that_fifty_people_prove_at_once_is_one_s():
    proofs = iter([add_phone(PersonFactory(), OTHER, binding="", origin=SYSTEM) for _ in range(50)])
    results = race(lambda: verify_phone(next(proofs), origin=SYSTEM))
    assert outcomes(results) == {"User": 1, "PhoneTaken": 49}
    assert Phone.objects.filter(verified_at__isnull=False).count() == 1


def test_a_number_is_added_once_and_an_account_holds_no_more_than_it_may(alice):
    assert outcomes(race(lambda: add_phone(alice, OTHER, binding="", origin=SYSTEM))) == {"Proof": 1, "PhoneYours": 49}
    numbers = iter(range(50))
    race(lambda: add_phone(alice, f"+4917012340{next(numbers):02}", binding="", origin=SYSTEM))
    assert Phone.objects.filter(user=alice).count() == 2


def test_no_more_texts_are_asked_for_than_the_budget_lets(settings):
    """TH3: overshoot 0."""
    held = {**dict.fromkeys(MESSAGE_BUDGETS), "sms.recipient": (5, timedelta(hours=1))}
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": held}
    results = race(lambda: request_sms_sign_in(OTHER, binding="", origin=SYSTEM))
    assert outcomes(results) == {"Proof": 5, "TooManyAttempts": 45}


def test_one_number_signed_up_at_once_is_one_account(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_up"}
    results = race(lambda: register_by_phone(OTHER, password=None, binding="", origin=SYSTEM))
    assert outcomes(results) == {"Registration": 50}
    assert sum(result.person is not None for result in results) == 1
    assert Phone.objects.count() == get_user_model().objects.count() == 1


def test_a_recovery_by_text_is_spent_once(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_up", "PASSWORD_HASH_CONCURRENCY": 50}
    register_by_phone(OTHER, password=None, binding="", origin=SYSTEM)
    proof = request_recovery_by_phone(OTHER, origin=SYSTEM)
    password = "a new horse every day"
    results = race(lambda: recover(Proof.objects.get(pk=proof.pk), password=password, origin=SYSTEM))
    assert outcomes(results) == {"User": 1, "ProofRejected": 49}
