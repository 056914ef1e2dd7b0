"""Counting tries before they are evaluated, in the database: a flushed cache opens nothing.

One statement counts a try against every value it concerns, and one more settles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from ciam_core.kernel.exceptions import ThrottledError
from ciam_core.kernel.models import Attempt
from ciam_core.kernel.secrets import keyed_digest

LONGEST_WAIT = timedelta(minutes=15)
"""Where waits grow to."""

_LONGEST_MILLISECONDS = LONGEST_WAIT // timedelta(milliseconds=1)
_BATCH = 1000
_FOR_GOOD = timedelta(days=3650)
_LONGEST_TOLD = 24 * 3600  # seconds
_LONG = 100  # minutes; from here on told in hours

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


class TooManyAttempts(ThrottledError):
    """``closed``: the names of the budgets that are used up for good, until somebody clears them."""

    code = "too_many_attempts"

    def __init__(self, *, retry_after: int, closed: frozenset[str] = frozenset()) -> None:
        super().__init__(retry_after=retry_after)
        self.closed = closed

    def __str__(self) -> str:
        minutes = ceil(self.retry_after / 60)
        if self.retry_after < 60:
            told = ngettext_lazy(
                "Too many tries. Try again in %(seconds)d second.",
                "Too many tries. Try again in %(seconds)d seconds.",
                "seconds",
            )
        elif minutes < _LONG:
            told = ngettext_lazy(
                "Too many tries. Try again in %(minutes)d minute.",
                "Too many tries. Try again in %(minutes)d minutes.",
                "minutes",
            )
        else:
            told = ngettext_lazy(
                "Too many tries. Try again in %(hours)d hour.", "Too many tries. Try again in %(hours)d hours.", "hours"
            )
        return str(told % {"seconds": self.retry_after, "minutes": minutes, "hours": ceil(minutes / 60)})


@dataclass(frozen=True)
class Budget:
    """``limit`` tries (at least 1) per value within ``window``, which starts with the first try and does not move.

    ``shared``: many people count against one value, such as a network. A success there gives back its own try only,
    or an attacker would clear the count by signing in to an account of theirs between two guesses.

    ``free``: how many tries in a row cost nothing; after each further one the next waits 2^n seconds, up to
    ``LONGEST_WAIT``. A try during a wait is refused and prolongs nothing. Such a count is forgotten ``window`` after
    its last try, and once it has reached ``limit`` only ``clear_attempts`` or a success ends it.
    """

    name: str
    limit: int
    window: timedelta
    shared: bool = False
    free: int | None = None

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"Budget {self.name!r} would refuse every try.")
        if self.free is not None and (self.shared or not 1 <= self.free < self.limit):
            raise ValueError(f"Budget {self.name!r} cannot grow: it is shared, or has no room for waits.")


Counted = tuple[Budget, str]


@dataclass(frozen=True)
class Reservation:
    """Tries that are counted already. They stay counted unless ``succeed()`` is called.

    ``counts``: how many there are now, by the budget's name.
    """

    held: tuple[tuple[str, Budget], ...]
    counts: dict[str, int] = field(default_factory=dict)

    def succeed(self) -> None:
        """Give the tries back: a shared count goes down by one, any other starts again."""
        own = [key for key, budget in self.held if not budget.shared]
        _settle([key for key, _ in self.held], own)

    def used_up(self, budget: Budget) -> str:
        """The key of ``budget`` if this was its last try, else empty."""
        keys = [key for key, own in self.held if own.name == budget.name]
        return keys[0] if keys and self.counts[budget.name] >= budget.limit else ""


def reserve(*counted: Counted) -> Reservation:
    """Count one try against each pair of budget and value, or raise ``TooManyAttempts`` and count none.

    It commits at once, so it must not run inside a transaction (``RuntimeError``). Only a keyed digest of the value
    is kept; spellings that mean the same must be made the same by the caller.
    """
    # Sorted: two requests that share values lock them in the same order.
    held = tuple(sorted({_key(*pair): pair[0] for pair in counted}.items(), key=lambda pair: pair[0]))
    now = timezone.now()
    with transaction.atomic(durable=True):
        found = _count(held, now)
        if len(found) < len(held):
            raise _refusal([(key, budget) for key, budget in held if key not in found], now)
    return Reservation(held, {budget.name: found[key] for key, budget in held})


def tally_attempts(name: str, value: str, *, by: int, window: timedelta) -> int:
    """Count ``by`` (0 or more) what is only watched and refuses nothing: how often within ``window`` of the first."""
    adapt, now = connection.ops.adapt_datetimefield_value, timezone.now()
    key = keyed_digest(f"{name}:{value}", context="ciam_kernel.Attempt")
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"key": key, "by": by, "now": adapt(now), "ends": adapt(now + window)})
        return int(cursor.fetchone()[0])


def clear_attempts(*counted: Counted) -> None:
    """Start these counts again, in the transaction that is open, if there is one."""
    keys = sorted({_key(*pair) for pair in counted})
    _settle(keys, keys)


def sweep_attempts() -> None:
    """Delete the counts whose window is over."""
    while _delete_expired(timezone.now()) == _BATCH:
        pass


def _key(budget: Budget, value: str) -> str:
    text = f"{budget.name}:{value}".encode(errors="backslashreplace").decode()  # JSON may hold half a surrogate pair
    return keyed_digest(text, context="ciam_kernel.Attempt")


def _count(held: Sequence[tuple[str, Budget]], now: datetime) -> dict[str, int]:
    adapt, clock = connection.ops.adapt_datetimefield_value, _milliseconds(now)
    values: dict[str, Any] = {
        "now": adapt(now),
        "for_good": adapt(now + _FOR_GOOD),
        "clock": clock,
        "latest": clock + _LONGEST_MILLISECONDS,
        "absurd": clock + 2 * _LONGEST_MILLISECONDS,
    }
    for n, (key, budget) in enumerate(held):
        opens = clock + 1000 if budget.free == 1 else 0
        row = {"key": key, "limit": budget.limit, "free": budget.free, "ends": adapt(now + budget.window)}
        values |= {f"{name}{n}": value for name, value in {**row, "opens": opens}.items()}
    rows = ", ".join(_ROW.format(n=n) for n in range(len(held)))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=rows), values)
        return dict(cursor.fetchall())


def _settle(keys: Sequence[str], own: Sequence[str]) -> None:
    if not keys:
        return
    values: dict[str, Any] = {f"key{n}": key for n, key in enumerate(keys)}
    marks = {key: f"%({name})s" for name, key in values.items()}
    every = ", ".join(marks.values())
    chosen = _IN_ORDER.format(keys=every) if connection.features.has_select_for_update else every
    statement = _SETTLE.format(own=", ".join(marks[key] for key in own) or "NULL", keys=chosen)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "now": connection.ops.adapt_datetimefield_value(timezone.now())})


def _refusal(refused: Sequence[tuple[str, Budget]], now: datetime) -> TooManyAttempts:
    budgets = dict(refused)
    rows = Attempt.objects.filter(key__in=budgets)
    closed = {row.key for row in rows if row.count >= budgets[row.key].limit and budgets[row.key].free is not None}
    waits = [_LONGEST_TOLD if row.key in closed else _seconds_left(row, budgets[row.key], now) for row in rows]
    return TooManyAttempts(retry_after=max(waits), closed=frozenset(budgets[key].name for key in closed))


def _seconds_left(row: Attempt, budget: Budget, now: datetime) -> int:
    if row.count < budget.limit:
        return max(1, ceil((row.opens_at - _milliseconds(now)) / 1000))
    return max(1, ceil((row.expires_at - now).total_seconds()))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _delete_expired(now: datetime) -> int:
    # Rows a request holds are left for the next sweep: waiting for them could end in a deadlock.
    with transaction.atomic():
        expired = Attempt.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
        deleted, _ = Attempt.objects.filter(key__in=list(expired.values_list("key", flat=True)[:_BATCH])).delete()
    return deleted
