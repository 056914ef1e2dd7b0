"""Invariant 3: of N racing requests one wins (SECURITY.md F3, F30, MF2, MF3, RC7)."""

from collections import Counter
from datetime import timedelta
from threading import Lock
from time import sleep

import pytest
from django.db import transaction

from ciam_core.kernel.attempts import Budget, Reservation, TooManyAttempts, reserve, sweep_attempts
from ciam_core.kernel.models import Attempt, Outbox, Proof
from ciam_core.kernel.outbox import couriers, deliver, post
from ciam_core.kernel.proofs import CodeRejected, ProofRejected, Purpose, check_code, issue_proof, spend
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SIGN_IN = Purpose("sign_in", timedelta(minutes=10), link=True, code=True)
PER_ACCOUNT = Budget("account", limit=10, window=timedelta(hours=1))
PER_NETWORK = Budget("network", limit=30, window=timedelta(hours=1), shared=True)


@pytest.fixture
def issued():
    with transaction.atomic():
        return issue_proof(SIGN_IN, subject_id="alice", address="alice@example.com")


def kinds(results):
    return Counter(type(result) for result in results)


def test_of_parallel_uses_of_one_proof_one_wins(issued):
    def use():
        with transaction.atomic():
            spend(Proof.objects.get(pk=issued.proof.pk))

    assert kinds(race(use)) == {type(None): 1, ProofRejected: 49}


def test_of_parallel_uses_of_one_right_code_one_wins(issued):
    def use():
        proof = check_code(issued.proof.pk, issued.code, SIGN_IN)
        with transaction.atomic():
            spend(proof)

    results = kinds(race(use))
    assert results[type(None)] == 1
    assert results.total() == results[type(None)] + results[ProofRejected]


def test_of_a_burst_of_wrong_codes_no_more_than_the_tries_are_compared(issued):
    wrong = f"{(int(issued.code) + 1) % 1_000_000:06}"

    def guess():
        return check_code(issued.proof.pk, wrong, SIGN_IN)

    burst = sum((kinds(race(guess)) for _ in range(4)), Counter())

    assert burst == {CodeRejected: SIGN_IN.tries, ProofRejected: 200 - SIGN_IN.tries}
    with pytest.raises(ProofRejected):
        check_code(issued.proof.pk, issued.code, SIGN_IN)


def test_of_parallel_requests_for_a_proof_only_the_newest_can_be_used():
    def issue():
        with transaction.atomic():
            return issue_proof(SIGN_IN, subject_id="alice", address="alice@example.com").proof

    proofs = race(issue, times=20)

    def use(proof):
        with transaction.atomic():
            spend(proof)
            transaction.set_rollback(True)

    usable = []
    for proof in proofs:
        try:
            use(proof)
        except ProofRejected:
            continue
        usable.append(proof)
    assert usable == [max(proofs, key=lambda proof: proof.pk)]


def test_a_budget_lets_exactly_its_limit_through():
    results = race(lambda: reserve((PER_ACCOUNT, "alice@example.com")))

    assert kinds(results) == {Reservation: 10, TooManyAttempts: 40}
    assert Attempt.objects.get().count == 10


def test_a_budget_whose_window_is_over_lets_exactly_its_limit_through():
    reserve((PER_ACCOUNT, "alice@example.com"))
    Attempt.objects.update(count=10, expires_at="2026-01-01T00:00:00Z")

    assert kinds(race(lambda: reserve((PER_ACCOUNT, "alice@example.com"))))[Reservation] == 10


def test_several_values_are_counted_together_without_a_deadlock():
    values = iter([f"{number % 5}@example.com" for number in range(50)])
    turn = Lock()
    for number in range(50):
        reserve((PER_ACCOUNT, f"{number}@example.com"))
    Attempt.objects.update(expires_at="2026-01-01T00:00:00Z")

    def attempt():
        with turn:
            pairs = [(PER_ACCOUNT, next(values)), (PER_NETWORK, "192.0.2.0/24")]
        reserve(*pairs).succeed()
        reserve(*reversed(pairs))
        sweep_attempts()

    results = race(attempt)

    assert set(kinds(results)) <= {type(None), TooManyAttempts}
    assert Attempt.objects.filter(count__lte=30).count() == Attempt.objects.count()


def test_a_sweep_does_not_wait_for_a_count_that_is_in_use():
    reserve((PER_ACCOUNT, "alice@example.com"))
    reserve((PER_ACCOUNT, "bob@example.com"))
    Attempt.objects.update(expires_at="2026-01-01T00:00:00Z")

    with transaction.atomic():
        held = Attempt.objects.select_for_update().order_by("key")[0]
        assert race(sweep_attempts, times=1) == [None]

    assert list(Attempt.objects.all()) == [held]


def test_of_parallel_workers_one_delivers():
    class SlowCourier:
        delivered = 0

        def deliver(self, payload):
            sleep(0.2)
            self.delivered += 1

    with transaction.atomic():
        row = post("pigeon", {"to": "alice@example.com"}, subject_id="alice", good_for=timedelta(days=3))
    Outbox.objects.update(due_at=row.created_at)  # nobody could deliver it at its commit
    courier = couriers.add("pigeon", SlowCourier())
    try:
        results = race(lambda: deliver(row.pk))
    finally:
        couriers.remove("pigeon")

    assert kinds(results) == {type(None): 50}
    assert courier.delivered == 1
