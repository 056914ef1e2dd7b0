"""A person's second factors: which kinds, since when, and whether they work. What they hold is shown to nobody."""

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciam_admin.console.tables import Row, Table, hidden
from ciam_mfa.queries import Enrolled, authenticators_of, locked_until

COLUMNS = (
    gettext_lazy("Kind"),
    gettext_lazy("Name"),
    gettext_lazy("Added"),
    gettext_lazy("Last used"),
    gettext_lazy("State"),
)


def second_factors(user: Any, *, clear: bool = False) -> Table:
    """Two statements, however many there are. ``clear``: with what the person calls them."""
    enrolled = authenticators_of(user)
    locked = locked_until(own.key for own in enrolled)
    rows = [
        Row((own.factor.title, own.name if clear else hidden(own.name), own.created_at, own.last_used_at or "—", state))
        for own in enrolled
        for state in [_state(own, locked.get(own.key))]
    ]
    return Table(title=gettext_lazy("Second factors"), columns=COLUMNS, rows=rows)


def revealed_second_factors(user: Any) -> Table:
    return second_factors(user, clear=True)


def _state(own: Enrolled, locked: Any) -> str:
    if own.disabled_at is not None:
        return _("Turned off after too many wrong answers")
    if locked is not None:
        when = formats.date_format(timezone.localtime(locked), "DATETIME_FORMAT")
        return _("Locked until %(when)s") % {"when": when}
    return _("Works") if own.left is None else _("%(left)d left") % {"left": own.left}
