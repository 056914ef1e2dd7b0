"""Each committed event gets one number, and the numbers have no gap, whatever commits late or dies (AU2, F22)."""

from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from ciam_core.audit import sequencer
from ciam_core.audit.models import AuditEvent, AuditSequence
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.kernel.ids import uuid7
from tests.core.audit.trail import happen
from tests.racing import race

pytestmark = pytest.mark.django_db


def numbered():
    return list(AuditSequence.objects.order_by("number").values_list("number", "event_id"))


def whole():
    """Numbers without a gap, and every event exactly once."""
    numbers, ids = zip(*numbered(), strict=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert sorted(ids) == sorted(AuditEvent.objects.values_list("id", flat=True))


def test_events_are_numbered_once():
    first, second = happen("alice"), happen("bob")
    assert (sequence(), sequence()) == (2, 0)
    assert numbered() == [(1, first.id), (2, second.id)]


def test_a_backlog_of_several_batches(monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH", 3)
    for n in range(10):
        happen(f"person-{n}")
    assert sequence() == 10
    whole()


def test_an_event_with_an_old_id_comes_after_what_was_numbered():
    early = uuid7()
    happen("alice")
    sequence()
    happen("bob", id=early)
    assert sequence() == 1
    assert numbered()[1] == (2, early)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_writers_the_one_that_commits_last_is_not_skipped():
    """Its row is older, in id and in transaction, than one that has its number already; twice over, and then some."""
    written, commit = Event(), Event()

    def write_slowly():
        with transaction.atomic():
            happen("slow")
            written.set()
            commit.wait(timeout=20)
        connections.close_all()

    slow = Thread(target=write_slowly)
    slow.start()
    written.wait(timeout=20)
    for n in range(5):
        happen(f"quick-{n}")
        assert sequence() == 1
    commit.set()
    slow.join()
    assert (sequence(), sequence()) == (1, 0)
    happen("after")
    assert sequence() == 1
    whole()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_sequencer_that_is_killed_leaves_nothing_behind():
    for n in range(20):
        happen(f"person-{n}")
    died = race(lambda: die_while_sequencing(), times=1)
    assert isinstance(died[0], Exception)
    assert numbered() == []
    assert sequence() == 20
    whole()


def die_while_sequencing():
    """The server ends its connection between the insert and the commit."""
    with transaction.atomic():
        sequence()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_sequencers_and_writers_at_once():
    def work():
        for n in range(5):
            happen(f"person-{n}")
            sequence()

    assert [error for error in race(work, times=16) if error] == []
    sequence()
    assert len(numbered()) == 80
    whole()
    assert verify().events == 80


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_trail_restored_into_a_younger_server_goes_on():
    happen("alice")
    sequence()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ciam_core_auditsequence DISABLE TRIGGER USER")
        cursor.execute("UPDATE ciam_core_auditsequence SET horizon = 1000000000000")
    happen("bob")
    assert sequence() == 1
    whole()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_was_numbered_is_not_read_again():
    """A run reads from the oldest transaction that ran at the last one: it does not slow down with the trail."""
    for n in range(3):
        happen(f"person-{n}")
    running = oldest_running()  # of the whole server: another test's may be older than the events
    sequence()
    horizon = AuditSequence.objects.latest("number").horizon
    assert horizon >= running
    happen("alice")
    with CaptureQueriesContext(connection) as captured:
        assert sequence() == 1
    assert any(f'e."transaction" >= {horizon} ' in query["sql"] for query in captured)


def oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
