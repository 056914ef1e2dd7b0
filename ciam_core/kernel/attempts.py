"""Counting tries before they are evaluated, in the database: a flushed cache opens nothing.

One statement counts a try against every value it concerns, and one more settles it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from ciam_core.kernel.counting import LONGEST_WAIT, Asked, count, milliseconds, milliseconds_of, settle, tally
from ciam_core.kernel.exceptions import ThrottledError
from ciam_core.kernel.models import Attempt
from ciam_core.kernel.secrets import keyed_digest

_BATCH = 1000
_LONGEST_TOLD = 24 * 3600  # seconds
_LONG = 100  # minutes; from here on told in hours


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
    15 minutes. A try during a wait is refused and prolongs nothing. Such a count is forgotten ``window`` after
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
        settle([key for key, _ in self.held], own)

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
        found = count([Asked(key, own.limit, own.window, own.free) for key, own in held], now)
        if len(found) < len(held):
            raise _refusal([(key, budget) for key, budget in held if key not in found], now)
    return Reservation(held, {budget.name: found[key] for key, budget in held})


def tally_attempts(name: str, value: str, *, by: int, window: timedelta) -> int:
    """Count ``by`` (0 or more) what is only watched and refuses nothing: how often within ``window`` of the first."""
    return tally(_digest(name, value), by, window)


def opens_at(budget: Budget, values: Iterable[str]) -> dict[str, datetime]:
    """When each of ``values`` may be tried again, for those that may not be tried now. One statement."""
    now = timezone.now()
    asked = {_key(budget, value): value for value in values}
    rows = Attempt.objects.filter(key__in=asked, expires_at__gt=now) if asked else []
    waits = {row.key: _seconds_left(row, budget, now) for row in rows if _is_held(row, budget, now)}
    return {asked[key]: now + timedelta(seconds=seconds) for key, seconds in waits.items()}


def clear_attempts(*counted: Counted) -> None:
    """Start these counts again, in the transaction that is open, if there is one."""
    keys = sorted({_key(*pair) for pair in counted})
    settle(keys, keys)


def sweep_attempts() -> None:
    """Delete the counts whose window is over."""
    while _delete_expired(timezone.now()) == _BATCH:
        pass


def _key(budget: Budget, value: str) -> str:
    return _digest(budget.name, value)


def _digest(name: str, value: str) -> str:
    text = f"{name}:{value}".encode(errors="backslashreplace").decode()  # JSON may hold half a surrogate pair
    return keyed_digest(text, context="ciam_kernel.Attempt")


def _refusal(refused: Sequence[tuple[str, Budget]], now: datetime) -> TooManyAttempts:
    budgets = dict(refused)
    rows = Attempt.objects.filter(key__in=budgets)
    closed = {row.key for row in rows if row.count >= budgets[row.key].limit and budgets[row.key].free is not None}
    waits = [_LONGEST_TOLD if row.key in closed else _seconds_left(row, budgets[row.key], now) for row in rows]
    return TooManyAttempts(retry_after=max(waits), closed=frozenset(budgets[key].name for key in closed))


def _is_held(row: Attempt, budget: Budget, now: datetime) -> bool:
    clock = milliseconds(now)
    return row.count >= budget.limit or clock < row.opens_at <= clock + 2 * milliseconds_of(LONGEST_WAIT)


def _seconds_left(row: Attempt, budget: Budget, now: datetime) -> int:
    if row.count < budget.limit:
        return max(1, ceil((row.opens_at - milliseconds(now)) / 1000))
    return max(1, ceil((row.expires_at - now).total_seconds()))


def _delete_expired(now: datetime) -> int:
    # Rows a request holds are left for the next sweep: waiting for them could end in a deadlock.
    with transaction.atomic():
        expired = Attempt.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
        deleted, _ = Attempt.objects.filter(key__in=list(expired.values_list("key", flat=True)[:_BATCH])).delete()
    return deleted
