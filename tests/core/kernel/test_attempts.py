from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from ciam_core.kernel.attempts import Budget, TooManyAttempts, opens_at, reserve, sweep_attempts
from ciam_core.kernel.models import Attempt

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
PER_ACCOUNT = Budget("account", limit=2, window=timedelta(minutes=10))
PER_NETWORK = Budget("network", limit=3, window=timedelta(minutes=30), shared=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def exhaust(budget, value):
    for _ in range(budget.limit):
        reserve((budget, value))


def test_a_budget_lets_its_limit_through_and_no_more():
    exhaust(PER_ACCOUNT, "alice@example.com")

    with pytest.raises(TooManyAttempts):
        reserve((PER_ACCOUNT, "alice@example.com"))


def test_it_is_told_when_a_value_opens_again(clock):
    growing = Budget("growing", limit=100, window=timedelta(days=30), free=1)
    reserve((growing, "alice"))
    clock.shift(timedelta(seconds=1))
    reserve((growing, "alice"))
    assert opens_at(growing, ["alice", "bob"]) == {"alice": START + timedelta(seconds=3)}
    clock.shift(timedelta(seconds=2))
    assert opens_at(growing, ["alice", "bob"]) == {}


def test_a_refusal_tells_the_seconds_until_the_window_ends(clock):
    exhaust(PER_ACCOUNT, "alice@example.com")
    clock.shift(timedelta(minutes=2, milliseconds=500))

    with pytest.raises(TooManyAttempts) as refusal:
        reserve((PER_ACCOUNT, "alice@example.com"))

    assert refusal.value.retry_after == 8 * 60
    assert refusal.value.details == {"retry_after": 480}


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (1, "1 second."),
        (59, "59 seconds."),
        (60, "1 minute."),
        (61, "2 minutes."),
        (5940, "99 minutes."),
        (6000, "2 hours."),
        (86400, "24 hours."),
    ],
)
def test_a_refusal_says_how_long_to_wait(seconds, wait):
    assert str(TooManyAttempts(retry_after=seconds)) == f"Too many tries. Try again in {wait}"


def test_the_window_starts_with_the_first_try_and_does_not_move(clock):
    reserve((PER_ACCOUNT, "alice@example.com"))
    clock.shift(timedelta(minutes=9))
    reserve((PER_ACCOUNT, "alice@example.com"))
    clock.shift(timedelta(minutes=1))

    exhaust(PER_ACCOUNT, "alice@example.com")

    assert Attempt.objects.get().expires_at == START + timedelta(minutes=20)


def test_refused_tries_do_not_prolong_the_wait(clock):
    exhaust(PER_ACCOUNT, "alice@example.com")
    clock.shift(timedelta(minutes=9))
    with pytest.raises(TooManyAttempts):
        reserve((PER_ACCOUNT, "alice@example.com"))

    clock.shift(timedelta(minutes=1))

    reserve((PER_ACCOUNT, "alice@example.com"))


def test_people_and_budgets_are_counted_apart():
    exhaust(PER_ACCOUNT, "alice@example.com")

    reserve((PER_ACCOUNT, "bob@example.com"))
    reserve((Budget("recovery", 1, timedelta(hours=1)), "alice@example.com"))


def test_one_refusal_counts_nothing_against_the_other_values():
    exhaust(PER_ACCOUNT, "alice@example.com")
    with pytest.raises(TooManyAttempts):
        reserve((PER_NETWORK, "192.0.2.0/24"), (PER_ACCOUNT, "alice@example.com"))

    exhaust(PER_NETWORK, "192.0.2.0/24")


def test_the_longest_of_several_waits_is_told():
    exhaust(PER_ACCOUNT, "alice@example.com")
    exhaust(PER_NETWORK, "192.0.2.0/24")

    with pytest.raises(TooManyAttempts) as refusal:
        reserve((PER_ACCOUNT, "alice@example.com"), (PER_NETWORK, "192.0.2.0/24"))

    assert refusal.value.retry_after == 30 * 60


def test_a_success_starts_the_count_again():
    reserve((PER_ACCOUNT, "alice@example.com"))
    reserve((PER_ACCOUNT, "alice@example.com")).succeed()

    exhaust(PER_ACCOUNT, "alice@example.com")


def test_a_success_gives_a_shared_count_only_its_own_try_back():
    exhaust(PER_NETWORK, "192.0.2.0/24")
    Attempt.objects.update(count=PER_NETWORK.limit - 1)
    reserve((PER_NETWORK, "192.0.2.0/24")).succeed()

    assert Attempt.objects.get().count == PER_NETWORK.limit - 1


def test_giving_back_a_try_that_was_swept_does_nothing(clock):
    reservation = reserve((PER_NETWORK, "192.0.2.0/24"))
    clock.shift(timedelta(hours=1))
    sweep_attempts()

    reservation.succeed()

    assert not Attempt.objects.exists()


def test_what_is_counted_cannot_be_read_back():
    reserve((PER_ACCOUNT, "alice@example.com"))

    stored = Attempt.objects.get().key
    assert len(stored) == 64
    assert "alice" not in stored


@pytest.mark.parametrize("value", ["", "\x00", "a" * 100_000, "😀", "\ud800"])
def test_any_text_can_be_counted(value):
    exhaust(PER_ACCOUNT, value)

    with pytest.raises(TooManyAttempts):
        reserve((PER_ACCOUNT, value))


def test_a_sweep_deletes_only_what_is_over(clock):
    reserve((PER_ACCOUNT, "alice@example.com"))
    reserve((PER_NETWORK, "192.0.2.0/24"))
    clock.shift(timedelta(minutes=10))

    sweep_attempts()

    assert Attempt.objects.get().expires_at == START + PER_NETWORK.window


def test_a_budget_that_refuses_everything_is_a_programming_error():
    with pytest.raises(ValueError, match="refuse every try"):
        Budget("closed", limit=0, window=timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_a_try_is_never_counted_inside_a_transaction_that_may_roll_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        reserve((PER_ACCOUNT, "alice@example.com"))
