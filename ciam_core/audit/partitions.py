"""PostgreSQL: one partition a month, by the time in the UUIDv7 key. What fits no month goes to the default one.

So that a clock that jumps, or a task that does not run, never stops a sign-in. Elsewhere the trail is one table.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.utils import OperationalError
from django.utils import timezone

from ciam_core.audit import guards

logger = logging.getLogger("ciam.audit")

TABLE = "ciam_core_auditevent"
SEQUENCE = "ciam_core_auditsequence"
DEFAULT = f"{TABLE}_default"
MONTHS_AHEAD = 3
_LOCK_TIMEOUT = "2s"
_NAME = re.compile(rf"{TABLE}_(\d{{4}})_(\d\d)")


class CreatePartitionedModel(migrations.CreateModel):
    """``CreateModel``, on PostgreSQL partitioned by its primary key, with a default partition."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f'{plain} PARTITION BY RANGE ("id")'
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        apps: Apps = to_state.apps
        if self.allow_migrate_model(schema_editor.connection.alias, apps.get_model(app_label, self.name)):
            schema_editor.execute(f'CREATE TABLE "{DEFAULT}" PARTITION OF "{TABLE}" DEFAULT')


def first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 of ``moment``, by its milliseconds: a boundary, not an id."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def moment_of(event_id: UUID) -> datetime:
    """When a UUIDv7 was made (RFC 9562 §5.7)."""
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)


def is_partitioned(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(%s)", [TABLE])
        found = cursor.fetchone()
    return bool(found and found[0])


def months(connection: BaseDatabaseWrapper) -> Iterator[tuple[datetime, str]]:
    """First moment and name of each month that has a partition."""
    for name in guards.partitions(connection, TABLE):
        if match := _NAME.fullmatch(name):
            yield datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC), name


def next_month(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def make_partitions(connection: BaseDatabaseWrapper) -> None:
    """Partitions for this month and the next three, and for each earlier one that the default partition has rows of."""
    if not is_partitioned(connection):
        return
    month = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ahead = [month]
    for _ in range(MONTHS_AHEAD):
        ahead.append(next_month(ahead[-1]))
    for wanted in ahead:
        _make(connection, wanted)
    while stray := _oldest_stray(connection, before=next_month(ahead[-1])):
        if not _make(connection, stray.replace(day=1, hour=0, minute=0, second=0, microsecond=0)):
            return


def drop_partitions(connection: BaseDatabaseWrapper, *, before: datetime, through: int) -> list[str]:
    """Drop each month over by ``before`` whose events all have a number up to ``through``; the names of these."""
    old = [name for month, name in months(connection) if next_month(month) <= before]
    proven = [name for name in old if not _has_later(connection, name, through)]
    return [name for name in proven if _within_lock_timeout(connection, f'DROP TABLE "{name}"', ())]


def _has_later(connection: BaseDatabaseWrapper, name: str, through: int) -> bool:
    numbered = f'SELECT 1 FROM "{SEQUENCE}" s WHERE s."event_id" = e."id" AND s."number" <= %s'  # noqa: S608  # our name
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}" e WHERE NOT EXISTS ({numbered}))', [through])  # noqa: S608  # our names
        return bool(cursor.fetchone()[0])


def _oldest_stray(connection: BaseDatabaseWrapper, *, before: datetime) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "id" FROM "{DEFAULT}" WHERE "id" < %s ORDER BY "id" LIMIT 1', [first_id(before)])  # noqa: S608  # our name
        found = cursor.fetchone()
    return moment_of(found[0]) if found else None


def _make(connection: BaseDatabaseWrapper, month: datetime) -> bool:
    name = f"{TABLE}_{month:%Y_%m}"
    if name in guards.partitions(connection, TABLE):
        return True
    bounds = (first_id(month), first_id(next_month(month)))
    # Rows of the month that lie in the default partition are moved, or there could be none beside it.
    moved = f'DELETE FROM "{DEFAULT}" WHERE "id" >= %s AND "id" < %s RETURNING *'  # noqa: S608  # our name
    return _within_lock_timeout(
        connection,
        f'CREATE TABLE "{name}" (LIKE "{TABLE}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
        (),
        f'WITH moved AS ({moved}) INSERT INTO "{name}" SELECT * FROM moved',  # noqa: S608  # our names
        bounds,
        f'ALTER TABLE "{TABLE}" ATTACH PARTITION "{name}" FOR VALUES FROM (%s) TO (%s)',
        bounds,
        lifting=DEFAULT,
    )


def _within_lock_timeout(connection: BaseDatabaseWrapper, *statements: Any, lifting: str = "") -> bool:
    """Run pairs of statement and values in one transaction that waits for nobody long; the next run tries again."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
            if lifting:
                guards.lift(connection, [lifting])
            for statement, values in zip(statements[::2], statements[1::2], strict=True):
                cursor.execute(statement, values)
            guards.install(connection)
    except OperationalError as error:
        logger.warning("partitions are left for the next run: %s", type(error).__name__)
        return False
    return True
