"""How many messages may be asked for unless ``MESSAGE_BUDGETS`` says otherwise. Data only: settings read it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

MESSAGE_BUDGETS: dict[str, tuple[int, timedelta] | None] = {
    "mail.recipient": (10, HOUR),
    "mail.network": (120, HOUR),
    "mail.day": None,
    "sms.recipient": (5, HOUR),
    "sms.network": (20, HOUR),
    "sms.prefix": (30, HOUR),
    "sms.country": (1000, DAY),
    "sms.day": (2000, DAY),
}
"""Name → messages and the window they are counted in; None counts nothing."""


def problems_in_budgets(given: dict[str, Any]) -> Iterator[str]:
    """One sentence for each entry that cannot work."""
    for name, budget in given.items():
        if name not in MESSAGE_BUDGETS:
            yield f"MESSAGE_BUDGETS has no {name!r}. Known: {', '.join(MESSAGE_BUDGETS)}."
        elif budget is not None and not _is_budget(budget):
            yield f"MESSAGE_BUDGETS[{name!r}] must be a number of at least 1 and a timedelta, or None."


def _is_budget(budget: Any) -> bool:
    if not isinstance(budget, tuple | list) or len(budget) != 2:
        return False
    limit, window = budget
    known = isinstance(limit, int) and isinstance(window, timedelta)
    return known and limit >= 1 and window > timedelta(0)
