"""Counting tries before they are evaluated, in the database: a flushed cache opens nothing.

A window is fixed: it starts with the first try and ends ``window`` later, whatever happens in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from ciam_core.kernel.exceptions import ThrottledError
from ciam_core.kernel.models import Attempt
from ciam_core.kernel.secrets import keyed_digest

_BATCH = 1000
_LONG = 100  # minutes; from here on told in hours

# One statement decides and counts, so that of parallel tries no more than the limit pass. No row: refused.
_COUNT = """
INSERT INTO "ciam_kernel_attempt" AS held ("key", "count", "expires_at") VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT ("key") DO UPDATE SET
    "count" = CASE WHEN held."expires_at" <= %(now)s THEN 1 ELSE held."count" + 1 END,
    "expires_at" = CASE WHEN held."expires_at" <= %(now)s THEN excluded."expires_at" ELSE held."expires_at" END
WHERE held."expires_at" <= %(now)s OR held."count" < %(limit)s
RETURNING "count"
"""


class TooManyAttempts(ThrottledError):
    code = "too_many_attempts"

    def __str__(self) -> str:
        minutes = ceil(self.retry_after / 60)
        if minutes < _LONG:
            told = ngettext_lazy(
                "Too many tries. Try again in %(minutes)d minute.",
                "Too many tries. Try again in %(minutes)d minutes.",
                "minutes",
            )
            return str(told % {"minutes": minutes})
        told = ngettext_lazy(
            "Too many tries. Try again in %(hours)d hour.", "Too many tries. Try again in %(hours)d hours.", "hours"
        )
        return str(told % {"hours": ceil(minutes / 60)})


@dataclass(frozen=True)
class Budget:
    """``limit`` tries (at least 1) per value within ``window``.

    ``shared``: many people count against one value, such as a network. A success there gives back its own try only,
    or an attacker would clear the count by signing in to an account of theirs between two guesses.
    """

    name: str
    limit: int
    window: timedelta
    shared: bool = False

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"Budget {self.name!r} would refuse every try.")


@dataclass(frozen=True)
class Reservation:
    """Tries that are counted already. They stay counted unless ``succeed()`` is called."""

    held: tuple[tuple[str, Budget], ...]

    def succeed(self) -> None:
        """Give the tries back: a shared count goes down by one, any other starts again."""
        for key, budget in self.held:
            rows = Attempt.objects.filter(key=key)
            if budget.shared:
                rows.filter(count__gt=0).update(count=F("count") - 1)
            else:
                rows.delete()


def reserve(*counted: tuple[Budget, str]) -> Reservation:
    """Count one try against each pair of budget and value, or raise ``TooManyAttempts`` and count none.

    It commits at once, so it must not run inside a transaction (``RuntimeError``). Only a keyed digest of the value
    is kept; spellings that mean the same must be made the same by the caller.
    """
    # Sorted: two requests that share values lock them in the same order.
    held = tuple(sorted({_key(budget, value): budget for budget, value in counted}.items(), key=lambda pair: pair[0]))
    now = timezone.now()
    with transaction.atomic(durable=True):
        refused = [key for key, budget in held if not _count(key, budget, now)]
        if refused:
            raise TooManyAttempts(retry_after=_seconds_left(refused, now))
    return Reservation(held)


def sweep_attempts() -> None:
    """Delete the counts whose window is over."""
    while _delete_expired(timezone.now()) == _BATCH:
        pass


def _key(budget: Budget, value: str) -> str:
    text = f"{budget.name}:{value}".encode(errors="backslashreplace").decode()  # JSON may hold half a surrogate pair
    return keyed_digest(text, context="ciam_kernel.Attempt")


def _count(key: str, budget: Budget, now: datetime) -> bool:
    adapt = connection.ops.adapt_datetimefield_value
    values: dict[str, Any] = {"key": key, "limit": budget.limit, "now": adapt(now), "ends": adapt(now + budget.window)}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return cursor.fetchone() is not None


def _seconds_left(keys: Iterable[str], now: datetime) -> int:
    last: datetime = Attempt.objects.filter(key__in=keys).aggregate(last=Max("expires_at"))["last"]
    return max(1, ceil((last - now).total_seconds()))


def _delete_expired(now: datetime) -> int:
    # Rows a request holds are left for the next sweep: waiting for them could end in a deadlock.
    with transaction.atomic():
        expired = Attempt.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
        deleted, _ = Attempt.objects.filter(key__in=list(expired.values_list("key", flat=True)[:_BATCH])).delete()
    return deleted
