"""No row of the trail is changed or removed, whoever asks (AU1)."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from ciam_core.audit import guards
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.partitions import TABLE
from ciam_core.kernel.ids import uuid7
from tests.core.audit.trail import happen

pytestmark = pytest.mark.django_db

CHANGES = {
    "an update": f"UPDATE {TABLE} SET name = 'other'",
    "a deletion": f"DELETE FROM {TABLE}",
    "a truncation": f"TRUNCATE {TABLE}",
    "a truncation of a month": f"TRUNCATE {TABLE}_default",
}
ON_SQLITE = {
    "a replaced row": f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}",
    "an upsert": f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE 1 ON CONFLICT DO UPDATE SET name = 'other'",
    "a replaced row number": f"""
        INSERT OR REPLACE INTO {TABLE} (rowid, id, name, channel, occurred_at, sealed)
        SELECT rowid, 'other', name, channel, occurred_at, sealed FROM {TABLE}""",
}
if connection.vendor == "sqlite":
    CHANGES = {name: CHANGES[name] for name in ("an update", "a deletion")} | ON_SQLITE


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses(change):
    happen("alice")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHANGES[change])
    assert AuditEvent.objects.get().name == "session.signed_in"


def test_the_orm_is_refused_too():
    happen("alice")
    for change in (AuditEvent.objects.get().delete, lambda: AuditEvent.objects.update(name="other")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_missing_guard_is_named_and_migrate_puts_it_back():
    guards.lift(connection, [TABLE])
    assert {problem.id for problem in found()} == {"ciam_core.W104"}
    call_command("migrate", verbosity=0)
    assert found() == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "weakening",
    [
        f"ALTER TABLE {TABLE} DISABLE TRIGGER ciam_audit_change",
        f"ALTER TABLE {TABLE}_default DISABLE TRIGGER ciam_audit_change",
        f"ALTER TABLE {TABLE}_default ENABLE TRIGGER ciam_audit_truncate",
        f"DROP TRIGGER ciam_audit_truncate ON {TABLE}",
        f"DROP TRIGGER ciam_audit_change ON {TABLE}",
        "CREATE OR REPLACE FUNCTION ciam_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_a_guard_that_is_off_or_does_nothing_is_as_good_as_missing(weakening):
    with connection.cursor() as cursor:
        cursor.execute(weakening)
    assert found()
    guards.install(connection)
    assert found() == []


def test_to_install_them_again_changes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        guards.install(connection)


def test_without_a_database_nothing_is_asked():
    guards.lift(connection)
    assert [problem for problem in run_checks() if problem.id == "ciam_core.W104"] == []


@pytest.mark.django_db(transaction=True)
def test_a_hosts_transaction_tests_can_empty_the_tables_and_the_guards_stay():
    happen("alice")
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEvent.objects.exists()
    assert found() == []


def test_an_id_cannot_be_used_twice():
    event_id = uuid7()
    happen("alice", id=event_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        happen("mallory", id=event_id)


def found():
    return [problem for problem in run_checks(databases=["default"]) if problem.id == "ciam_core.W104"]
