"""A month is a partition: made ahead, dropped when it is over, and never a reason for a sign-in to fail."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from ciam_core.audit import guards
from ciam_core.audit.checks import check_guards
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.partitions import TABLE, drop_partitions, first_id, make_partitions, moment_of, months
from ciam_core.audit.sequencer import sequence
from ciam_core.kernel.ids import uuid7
from tests.core.audit.trail import happen

on_postgresql = [pytest.mark.postgresql, pytest.mark.django_db]


def test_an_id_tells_its_moment_and_a_moment_its_first_id():
    now = timezone.now()
    assert abs(moment_of(uuid7()) - now) < timedelta(seconds=5)
    assert moment_of(first_id(datetime(2026, 11, 1, tzinfo=UTC))) == datetime(2026, 11, 1, tzinfo=UTC)
    assert first_id(now - timedelta(seconds=1)) < uuid7() < first_id(now + timedelta(days=1))


@pytest.mark.postgresql
@pytest.mark.django_db
class TestOnPostgresql:
    def test_this_month_and_the_next_three_are_there_after_migrate(self):
        now = timezone.now().astimezone(UTC)
        made = [month for month, _ in months(connection)]
        assert made[0] == datetime(now.year, now.month, 1, tzinfo=UTC)
        assert len(made) == 4

    def test_a_row_lies_in_its_month(self):
        happen("alice")
        assert rows_in(f"{TABLE}_{timezone.now():%Y_%m}") == 1

    def test_a_clock_that_jumps_stops_nothing(self):
        with time_machine.travel("2041-05-06T07:08:09Z"):
            happen("alice")
        assert rows_in(f"{TABLE}_default") == 1

    def test_months_nobody_made_a_partition_for_are_made_up_for(self):
        for moment in ("2024-01-31T23:59:59.999Z", "2024-02-01T00:00:00Z", "2041-05-06T07:08:09Z"):
            event_id = first_id(datetime.fromisoformat(moment))
            happen("alice", id=UUID(int=event_id.int | 0x7 << 76))
        make_partitions(connection)
        assert [rows_in(f"{TABLE}_{name}") for name in ("2024_01", "2024_02", "default")] == [1, 1, 1]
        assert AuditEvent.objects.count() == 3
        assert check_guards(None, databases=["default"]) == []

    def test_the_month_after_next_is_made_ahead(self):
        with time_machine.travel("2027-05-31T23:00:00Z"):
            make_partitions(connection)
            make_partitions(connection)
        assert {f"{TABLE}_2027_{month:02}" for month in (5, 6, 7, 8)} <= {name for _, name in months(connection)}
        assert guards.missing(connection) == []

    def test_a_month_is_dropped_once_it_is_over(self):
        happen("alice", id=UUID(int=first_id(datetime(2024, 1, 5, tzinfo=UTC)).int | 0x7 << 76))
        make_partitions(connection)
        sequence()
        assert drop_partitions(connection, before=datetime(2024, 1, 31, tzinfo=UTC), through=1) == []
        assert drop_partitions(connection, before=datetime(2024, 2, 1, tzinfo=UTC), through=0) == []
        assert drop_partitions(connection, before=datetime(2024, 2, 1, tzinfo=UTC), through=1) == [f"{TABLE}_2024_01"]
        assert not AuditEvent.objects.exists()


def rows_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM ONLY "{table}"')
        return cursor.fetchone()[0]
