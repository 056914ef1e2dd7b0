"""Gives each committed event its number: 1, 2, 3, without a gap, about a second behind, so that no request waits.

Which events lack one is asked from the last horizon on: on PostgreSQL the oldest transaction that was still running
when events were numbered last (``pg_snapshot_xmin``). All before it were over and seen, so that an event which commits
late is after it, however old its id. One sequencer at a time; one that is killed leaves nothing behind.
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ciam_core.audit.leaves import columns, leaf_of

BATCH = 5000
_LOCK = int.from_bytes(b"ciamaudt")

_EVENT, _SEQUENCE = '"ciam_core_auditevent"', '"ciam_core_auditsequence"'
_LAST = f'SELECT "number", "horizon" FROM {_SEQUENCE} ORDER BY "number" DESC LIMIT 1'  # noqa: S608  # our name
_UNNUMBERED = f'NOT EXISTS (SELECT 1 FROM {_SEQUENCE} s WHERE s."event_id" = e."id")'  # noqa: S608  # our name
_ROWS = {
    "postgresql": f'{_EVENT} e WHERE e."transaction" >= %s AND {_UNNUMBERED} ORDER BY e."transaction", e."id" LIMIT %s',
    # One writes at a time: nothing commits late.
    "sqlite": f"{_EVENT} e WHERE %s >= 0 AND {_UNNUMBERED} ORDER BY e.rowid LIMIT %s",
}
_INSERT = {
    "postgresql": """
        INSERT INTO "ciam_core_auditsequence" ("number", "event_id", "leaf", "horizon")
        SELECT n, id, leaf, %s FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS t (n, id, leaf)""",
    "sqlite": """
        INSERT INTO "ciam_core_auditsequence" ("number", "event_id", "leaf", "horizon") VALUES (%s, %s, %s, %s)""",
}


def sequence() -> int:
    """Number every committed event that has none; how many those were. Nothing while another sequencer is at it."""
    total = 0
    while numbered := _sequence_batch():
        total += numbered
        if numbered < BATCH:
            break
    return total


def last_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def overlooked() -> str | None:
    """The id of an event that has no number and will get none: it was put in past the sequencer, or its number lost."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        found = cursor.fetchone()
        if connection.vendor != "postgresql" or not found:
            return None  # the next run numbers it
        before = '(e."transaction" IS NULL OR e."transaction" < %s)'
        cursor.execute(f'SELECT e."id" FROM {_EVENT} e WHERE {before} AND {_UNNUMBERED} LIMIT 1', [found[1]])  # noqa: S608  # our names
        event = cursor.fetchone()
    return str(event[0]) if event else None


@transaction.atomic
def _sequence_batch() -> int:
    with connection.cursor() as cursor:
        if not _alone(cursor):
            return 0
        cursor.execute(_LAST)
        last, horizon = cursor.fetchone() or (0, 0)
        running = _oldest_running(cursor)  # before the rows are read: all that is older is among them
        if horizon > running:  # restored into a server that counts transactions anew
            horizon = 0
        unnumbered = f'SELECT {columns(connection)}, e."transaction" FROM {_ROWS[connection.vendor]}'  # noqa: S608  # our names
        cursor.execute(unnumbered, [horizon, BATCH])
        rows = cursor.fetchall()
        seen = running if len(rows) < BATCH else min(running, rows[-1][-1] or 0)
        _number(cursor, rows, after=last, horizon=seen)
    return len(rows)


def _alone(cursor: Any) -> bool:
    """Whether no other sequencer is at work. On SQLite the write lock sees to it, at the latest the unique number."""
    if connection.vendor != "postgresql":
        return True
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])


def _oldest_running(cursor: Any) -> int:
    if connection.vendor != "postgresql":
        return 0
    cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(cursor.fetchone()[0])


def _number(cursor: Any, rows: list[Any], *, after: int, horizon: int) -> None:
    if not rows:
        return
    numbers = list(range(after + 1, after + 1 + len(rows)))
    leaves = [leaf_of(*row[:7]).hex() for row in rows]
    insert = _INSERT[connection.vendor]
    if connection.vendor == "postgresql":
        cursor.execute(insert, [horizon, numbers, [UUID(row[0]) for row in rows], leaves])
    else:
        cursor.executemany(
            insert, [(n, row[0], leaf, horizon) for n, row, leaf in zip(numbers, rows, leaves, strict=True)]
        )
