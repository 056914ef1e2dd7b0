"""RC7, F30, invariant 3: of 50 at once, one wins. On PostgreSQL, where they really are at once."""

from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import AddressYours
from ciam_core.accounts.mail import mail_alarm
from ciam_core.accounts.models import ProfileValue
from ciam_core.flows import (
    add_address,
    change_address,
    complete_address_change,
    edit_profile,
    lock_down,
    make_primary,
    recover,
    register,
    request_recovery,
    request_sign_in,
    sign_in_with_proof,
    undo_address_change,
    verify_address,
)
from ciam_core.kernel.models import PersonKey, Proof
from ciam_core.kernel.origin import SYSTEM
from ciam_core.messages.limits import MESSAGE_BUDGETS
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """More tries than 50, so that the budgets are not what stops them."""
    from ciam_core.kernel.attempts import Budget
    from ciam_core.throttling import budgets

    for name in ("NOTICE_PER_PERSON", "SIGN_UP_PER_NETWORK"):
        held = getattr(budgets, name)
        monkeypatch.setattr(budgets, name, Budget(held.name, 1000, held.window, shared=held.shared))
    plenty = dict.fromkeys(MESSAGE_BUDGETS)
    monkeypatch.setattr("ciam_core.settings.MESSAGE_BUDGETS", plenty)


def test_one_address_registered_at_once_is_one_account(settings):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PASSWORD_HASH_CONCURRENCY": 50}
    results = race(lambda: register("new@example.org", password="a new horse every day", binding="", origin=SYSTEM))
    assert outcomes(results) == {"Registration": 50}
    assert sum(result.person is not None for result in results) == 1
    assert get_user_model().objects.filter(email="new@example.org").count() == 1


def test_a_verification_is_spent_once(bob):
    proof = _asked(bob, purposes.verify_address())
    assert outcomes(race(lambda: verify_address(_fresh(proof), origin=SYSTEM))) == {"User": 1, "ProofRejected": 49}


def test_a_sign_in_link_is_spent_once(alice):
    proof = request_sign_in(alice.email, binding="", origin=SYSTEM)
    assert outcomes(race(lambda: sign_in_with_proof(_fresh(proof), origin=SYSTEM))) == {"User": 1, "ProofRejected": 49}


def test_a_recovery_is_spent_once(alice, settings):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PASSWORD_HASH_CONCURRENCY": 50}
    proof = request_recovery(alice.email, origin=SYSTEM)
    results = race(lambda: recover(_fresh(proof), password="a new horse every day", origin=SYSTEM))
    assert outcomes(results) == {"User": 1, "ProofRejected": 49}


def test_an_address_changes_once_and_is_taken_back_once(alice):
    proof = change_address(alice, "alice@example.net", binding="", origin=SYSTEM)
    changed = race(lambda: complete_address_change(_fresh(proof), origin=SYSTEM))
    assert outcomes(changed) == {"User": 1, "ProofRejected": 49}
    undo = Proof.objects.get(purpose="undo_address_change")
    undone = race(lambda: undo_address_change(_fresh(undo), origin=SYSTEM))
    assert outcomes(undone) == {"User": 1, "ProofRejected": 49}
    assert [row.email for row in EmailAddress.objects.filter(user=alice)] == ["alice@example.org"]


def test_an_account_is_locked_down_once_whichever_of_its_links_is_used(alice):
    for _ in range(10):
        with transaction.atomic():
            mail_alarm("password_changed", alice, to=alice.email, origin=SYSTEM)
    links = iter([*Proof.objects.filter(purpose="wasnt_me")] * 5)
    results = race(lambda: lock_down(next(links), origin=SYSTEM))
    assert outcomes(results) == {"User": 1, "ProofRejected": 49}


def test_taking_back_and_locking_down_at_once_do_not_block_each_other(alice):
    complete_address_change(change_address(alice, "alice@example.net", binding="", origin=SYSTEM), origin=SYSTEM)
    with transaction.atomic():
        mail_alarm("password_changed", alice, to="alice@example.net", origin=SYSTEM)
    undo, alarm = Proof.objects.get(purpose="undo_address_change"), Proof.objects.get(purpose="wasnt_me")
    acts = iter([lambda: undo_address_change(undo, origin=SYSTEM), lambda: lock_down(alarm, origin=SYSTEM)] * 25)
    results = race(lambda: next(acts)())
    assert set(outcomes(results)) == {"User", "ProofRejected"}
    assert [row.email for row in EmailAddress.objects.filter(user=alice)] == ["alice@example.org"]


def test_an_address_is_added_once(alice):
    results = race(lambda: add_address(alice, "second@example.org", binding="", origin=SYSTEM))
    assert outcomes(results) == {"Proof": 1, AddressYours.__name__: 49}
    assert [message.to for message in mail.outbox].count(["second@example.org"]) == 1


def test_an_account_never_holds_more_addresses_than_it_may(alice):
    numbers = iter(range(50))
    race(lambda: add_address(alice, f"extra{next(numbers)}@example.org", binding="", origin=SYSTEM))
    assert EmailAddress.objects.filter(user=alice).count() == 5


def test_one_address_is_primary_whatever_is_asked_at_once(alice):
    rows = [EmailAddress.objects.create(user=alice, email=f"{n}@example.org", verified=True) for n in range(4)]
    numbers = iter(range(50))
    race(lambda: make_primary(alice, rows[next(numbers) % 4].pk, origin=SYSTEM))
    [primary] = EmailAddress.objects.filter(user=alice, primary=True)
    assert get_user_model().objects.get(pk=alice.pk).email == primary.email


def test_a_first_sealed_value_makes_one_key(alice, settings):
    settings.CIAM_CORE = {"PROFILE": {"note": {"label": "Note", "encrypted": True}}}
    results = race(lambda: edit_profile(alice, {"note": "x"}, editor="customer", origin=SYSTEM))
    assert outcomes(results) == {"NoneType": 50}
    assert PersonKey.objects.count() == ProfileValue.objects.count() == 1


def _asked(user, purpose):
    from ciam_core.kernel.proofs import issue_proof

    with transaction.atomic():
        return issue_proof(purpose, subject_id=str(user.pk), address=user.email).proof


def _fresh(proof):
    """As each request loads it."""
    return Proof.objects.get(pk=proof.pk)


def test_of_parallel_uses_of_one_mailed_code_one_signs_in(alice, settings):
    """MF2, by HTTP: fifty browsers of one session."""
    from tests.core.accounts.doors import Browser
    from tests.core.accounts.mailbox import code_in, newest_to

    asking = Browser()
    asking.ask_for_code(alice.email)
    code, key = code_in(newest_to(alice.email)), asking.cookies["session"].value

    def enter():
        browser = Browser()
        browser.cookies["session"] = key
        return browser.enter_code(code).status_code

    assert Counter(race(enter))[200] == 1


def test_two_accounts_that_prove_one_address_at_once_do_not_both_have_it(alice, mallory):
    for round_ in range(10):
        address = f"wanted{round_}@example.org"
        proofs = [add_address(user, address, binding="", origin=SYSTEM) for user in (alice, mallory)]
        waiting = iter(proofs * 2)
        results = outcomes(race(lambda: verify_address(_fresh(next(waiting)), origin=SYSTEM), times=4))  # noqa: B023
        assert results["User"] == 1, results
        assert set(results) <= {"User", "ProofRejected", "AddressTaken"}, results
        EmailAddress.objects.filter(email=address).delete()
