import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from ciam_core.kernel import tasks as celery_tasks
from ciam_core.kernel.models import Outbox
from ciam_core.kernel.outbox import DECOY, Undeliverable, couriers, deliver, post, sweep_outbox
from ciam_core.kernel.tasks import sweep
from tests.brokers import broker

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
LETTER = {"to": "alice@example.com", "text": "Your code is 482913."}


class RecordingCourier:
    """Keeps what it was given; ``failures`` are raised first, one at a time."""

    def __init__(self):
        self.delivered = []
        self.failures = []

    def deliver(self, payload):
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append(payload)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def courier():
    yield couriers.add("pigeon", RecordingCourier())
    couriers.remove("pigeon")


@pytest.fixture
def dead_broker():
    with broker("amqp://127.0.0.1:1//"):
        yield


def write(kind="pigeon", *, good_for=timedelta(days=3), payload=LETTER):
    with transaction.atomic():
        return post(kind, payload, subject_id="alice", good_for=good_for)


def test_what_is_posted_is_delivered_after_the_commit(courier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert courier.delivered == []

    assert courier.delivered == [LETTER]


def test_what_is_delivered_is_erased(courier):
    row = write()

    deliver(row.pk)

    row.refresh_from_db()
    assert (row.sealed, row.sent_at, row.failed_at, row.attempts) == ("", START, None, 1)


def test_nothing_is_delivered_twice(courier):
    row = write()

    deliver(row.pk)
    deliver(str(row.pk))
    sweep_outbox()

    assert len(courier.delivered) == 1


def test_what_waits_is_sealed():
    row = write()

    assert "alice" not in row.sealed
    assert "482913" not in row.sealed


def test_a_payload_opens_in_its_own_row_only(courier):
    row, other = write(), write()
    Outbox.objects.filter(pk=row.pk).update(sealed=other.sealed)

    deliver(row.pk)

    assert courier.delivered == []


def test_a_failure_is_tried_again_later_and_later(courier, clock):
    row = write()
    courier.failures = [OSError()] * 5

    waits = []
    for _ in range(5):
        deliver(row.pk)
        row.refresh_from_db()
        waits.append(row.due_at - datetime.now(UTC))
        clock.move_to(row.due_at)
    deliver(row.pk)

    assert waits == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=6),
    ]
    assert courier.delivered == [LETTER]


def test_what_is_not_due_is_left_alone(courier, clock):
    row = write()
    courier.failures = [OSError()]
    deliver(row.pk)
    clock.shift(timedelta(seconds=29))

    deliver(row.pk)
    sweep_outbox()

    assert courier.delivered == []


def test_a_new_row_is_due_whatever_the_clock_of_the_worker_says(courier, clock):
    row = write()
    clock.shift(timedelta(minutes=-5))

    deliver(row.pk)

    assert courier.delivered == [LETTER]


def test_the_sweep_delivers_what_has_become_due(courier, clock):
    row = write()
    courier.failures = [OSError()]
    deliver(row.pk)
    clock.shift(timedelta(seconds=30))

    sweep()

    assert courier.delivered == [LETTER]


@pytest.fixture
def busy_workers(monkeypatch):
    """A broker that takes everything, and workers that have not come to it yet."""
    queued = []
    monkeypatch.setattr(celery_tasks.deliver, "apply_async", lambda args, **_: queued.append(args[0]))
    with broker("memory://"):
        yield queued


def test_a_backlog_does_not_grow_by_being_swept(busy_workers, courier, clock):
    row = write()
    for _ in range(4):  # at 0, 30, 60 and 90 seconds
        sweep_outbox()
        clock.shift(timedelta(seconds=30))
    assert busy_workers == [str(row.pk)] * 2


def test_what_failed_is_sent_off_again_when_it_is_due_though_it_was_just_swept(busy_workers, courier, clock):
    row = write()
    sweep_outbox()
    courier.failures = [OSError()]
    deliver(row.pk)
    clock.shift(timedelta(seconds=30))
    sweep_outbox()
    assert busy_workers == [str(row.pk)] * 2


def test_an_expired_code_is_never_sent(courier, clock, caplog):
    row = write(good_for=timedelta(minutes=10))
    clock.shift(timedelta(minutes=10))

    deliver(row.pk)

    row.refresh_from_db()
    assert courier.delivered == []
    assert (row.sealed, row.sent_at, row.failed_at) == ("", None, START + timedelta(minutes=10))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_row_is_given_up_when_the_next_try_would_come_too_late(courier):
    row = write(good_for=timedelta(seconds=30))
    courier.failures = [OSError()]

    deliver(row.pk)

    row.refresh_from_db()
    assert (row.sealed, row.failed_at) == ("", START)


def test_a_courier_can_give_up_at_once(courier):
    row = write()
    courier.failures = [Undeliverable()]

    deliver(row.pk)
    deliver(row.pk)

    row.refresh_from_db()
    assert (row.sealed, row.failed_at, row.attempts) == ("", START, 1)
    assert courier.delivered == []


def test_a_kind_without_courier_waits_for_one(courier, clock):
    row = write("owl")
    deliver(row.pk)
    clock.shift(timedelta(seconds=30))

    couriers.add("owl", courier)
    try:
        deliver(row.pk)
    finally:
        couriers.remove("owl")

    assert courier.delivered == [LETTER]


def test_a_decoy_is_dropped_without_a_word(caplog):
    row = write(DECOY, payload={})

    deliver(row.pk)

    row.refresh_from_db()
    assert row.sent_at
    assert caplog.records == []


@pytest.mark.parametrize("failure", [OSError("alice@example.com refused"), Undeliverable("alice@example.com 482913")])
def test_the_log_tells_neither_recipient_nor_text(courier, caplog, failure):
    row = write(good_for=timedelta(minutes=1))
    courier.failures = [failure]

    deliver(row.pk)
    deliver(row.pk)

    assert str(row.pk) in caplog.text
    assert "alice" not in caplog.text
    assert "482913" not in caplog.text


def test_a_worker_that_died_is_followed_by_another_once_its_lease_is_over(courier, clock):
    row = write()
    courier.failures = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        deliver(row.pk)
    deliver(row.pk)
    assert courier.delivered == []

    clock.shift(timedelta(minutes=5))
    deliver(row.pk)

    assert courier.delivered == [LETTER]


@pytest.mark.parametrize("failure", [OSError(), Undeliverable()])
def test_a_worker_that_slept_through_its_lease_has_no_say_any_more(courier, clock, failure):
    class Sleeper:
        def deliver(self, payload):
            clock.shift(timedelta(minutes=5))
            couriers.remove("owl")
            couriers.add("owl", courier)
            deliver(row.pk)
            raise failure

    couriers.add("owl", Sleeper())
    row = write("owl")
    courier.failures = [OSError()]
    deliver(row.pk)
    couriers.remove("owl")

    row.refresh_from_db()
    assert (row.attempts, row.failed_at, row.due_at) == (2, None, START + timedelta(minutes=7))


def test_a_broker_that_is_down_is_not_the_persons_problem(
    courier, dead_broker, caplog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = write()

    assert caplog.messages == [f"Outbox row {row.pk} waits for the sweep: OperationalError"]
    deliver(row.pk)
    assert courier.delivered == [LETTER]


def test_a_courier_that_fails_is_not_the_persons_problem(courier, django_capture_on_commit_callbacks):
    courier.failures = [OSError()]

    with django_capture_on_commit_callbacks(execute=True):
        write()

    assert Outbox.objects.get().due_at == START + timedelta(seconds=30)


def test_the_sweep_stops_at_a_broker_that_is_down(courier, dead_broker, caplog):
    write()
    write()

    sweep_outbox()

    assert len(caplog.messages) == 1


def test_finished_rows_are_forgotten_after_a_month(courier, clock):
    sent, waiting = write(), write(good_for=timedelta(days=60))
    deliver(sent.pk)
    courier.failures = [OSError()]
    clock.shift(timedelta(days=30, seconds=1))
    recent = write()

    sweep_outbox()

    assert set(Outbox.objects.values_list("pk", flat=True)) == {waiting.pk, recent.pk}


def test_an_unknown_row_is_nobodys_problem():
    deliver("01940000-0000-7000-8000-000000000000")


def test_the_database_keeps_no_body_of_what_is_finished():
    row = write()

    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.filter(pk=row.pk).update(sent_at=START)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_never_leaves(courier):
    with transaction.atomic():
        post("pigeon", LETTER, subject_id="alice", good_for=timedelta(days=3))
        transaction.set_rollback(True)

    assert courier.delivered == []
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_posting_outside_and_delivering_inside_a_transaction_are_programming_errors(courier):
    with pytest.raises(RuntimeError):
        post("pigeon", LETTER, subject_id="alice", good_for=timedelta(days=3))
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver("01940000-0000-7000-8000-000000000000")
