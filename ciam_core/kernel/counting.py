"""The statements behind ``ciam_core.kernel.attempts``, for SQLite and PostgreSQL alike."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

LONGEST_WAIT = timedelta(minutes=15)
"""Where waits grow to."""

_FOR_GOOD = timedelta(days=3650)

# One statement decides and counts, so that of parallel tries no more than the limit pass. A key without a row: refused.
# Waits are 2^n seconds. Times are the caller's: one twice as far off as the longest wait was written by a clock that
# has been put back since, and holds nobody up.
_COUNT = """
INSERT INTO "ciam_kernel_attempt" AS held ("key", "count", "limit", "free", "expires_at", "opens_at") VALUES {rows}
ON CONFLICT ("key") DO UPDATE SET
    "count" = CASE WHEN held."expires_at" <= %(now)s THEN 1 ELSE held."count" + 1 END,
    "limit" = excluded."limit",
    "free" = excluded."free",
    "expires_at" = CASE
        WHEN held."expires_at" <= %(now)s THEN excluded."expires_at"
        WHEN excluded."free" IS NULL THEN held."expires_at"
        WHEN held."count" + 1 >= excluded."limit" THEN %(for_good)s
        ELSE excluded."expires_at" END,
    "opens_at" = CASE
        WHEN held."expires_at" <= %(now)s OR excluded."free" IS NULL OR held."count" + 1 < excluded."free"
            THEN excluded."opens_at"
        WHEN held."count" + 1 - excluded."free" >= 10 THEN %(latest)s
        ELSE %(clock)s + (1000 << (held."count" + 1 - excluded."free")) END
WHERE held."expires_at" <= %(now)s
    OR (held."count" < excluded."limit" AND (held."opens_at" <= %(clock)s OR held."opens_at" > %(absurd)s))
RETURNING "key", "count"
"""
_ROW = "(%(key{n})s, 1, %(limit{n})s, %(free{n})s, %(ends{n})s, %(opens{n})s)"

# The count of whatever is only watched, by 0 or more.
_TALLY = """
INSERT INTO "ciam_kernel_attempt" AS held ("key", "count", "limit", "expires_at", "opens_at")
VALUES (%(key)s, %(by)s, 0, %(ends)s, 0)
ON CONFLICT ("key") DO UPDATE SET
    "count" = CASE WHEN held."expires_at" <= %(now)s THEN excluded."count" ELSE held."count" + excluded."count" END,
    "expires_at" = CASE WHEN held."expires_at" <= %(now)s THEN excluded."expires_at" ELSE held."expires_at" END
RETURNING "count"
"""

# What starts again expires at once, for the sweep to delete.
_SETTLE = """
UPDATE "ciam_kernel_attempt" SET
    "count" = CASE WHEN "key" IN ({own}) THEN 0 ELSE "count" - 1 END,
    "opens_at" = CASE WHEN "key" IN ({own}) THEN 0 ELSE "opens_at" END,
    "expires_at" = CASE WHEN "key" IN ({own}) OR "count" <= 1 THEN %(now)s ELSE "expires_at" END
WHERE "key" IN ({keys}) AND "count" > 0
"""
# Locked in the order in which ``reserve`` locks.
_IN_ORDER = 'SELECT "key" FROM "ciam_kernel_attempt" WHERE "key" IN ({keys}) ORDER BY "key" FOR UPDATE'


class Asked(NamedTuple):
    """One count that a try concerns, and the terms of its budget."""

    key: str
    limit: int
    window: timedelta
    free: int | None


def count(asked: Sequence[Asked], now: datetime) -> dict[str, int]:
    """Count one try in each; the new counts of those that had room. Rows are locked in the order they are given."""
    adapt, clock = connection.ops.adapt_datetimefield_value, milliseconds(now)
    values: dict[str, Any] = {
        "now": adapt(now),
        "for_good": adapt(now + _FOR_GOOD),
        "clock": clock,
        "latest": clock + milliseconds_of(LONGEST_WAIT),
        "absurd": clock + 2 * milliseconds_of(LONGEST_WAIT),
    }
    for n, (key, limit, window, free) in enumerate(asked):
        opens = clock + 1000 if free == 1 else 0
        row = {"key": key, "limit": limit, "free": free, "ends": adapt(now + window), "opens": opens}
        values |= {f"{name}{n}": value for name, value in row.items()}
    rows = ", ".join(_ROW.format(n=n) for n in range(len(asked)))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=rows), values)
        return dict(cursor.fetchall())


def settle(keys: Sequence[str], own: Sequence[str]) -> None:
    """Take one try back from each of ``keys``, and all of them from ``own``, which are among them."""
    if not keys:
        return
    values: dict[str, Any] = {f"key{n}": key for n, key in enumerate(keys)}
    marks = {key: f"%({name})s" for name, key in values.items()}
    every = ", ".join(marks.values())
    chosen = _IN_ORDER.format(keys=every) if connection.features.has_select_for_update else every
    statement = _SETTLE.format(own=", ".join(marks[key] for key in own) or "NULL", keys=chosen)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "now": connection.ops.adapt_datetimefield_value(timezone.now())})


def tally(key: str, by: int, window: timedelta) -> int:
    """Add ``by`` to a count that refuses nothing; how many there are."""
    adapt, now = connection.ops.adapt_datetimefield_value, timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"key": key, "by": by, "now": adapt(now), "ends": adapt(now + window)})
        return int(cursor.fetchone()[0])


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def milliseconds_of(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
