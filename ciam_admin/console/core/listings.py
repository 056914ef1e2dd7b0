"""What a person may have many of: the latest on their page, all on a page of its own, one column of it masked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ciam_admin.console.core.actions import END_SESSION, FORGET_DEVICE, Action
from ciam_admin.console.tables import Row, Text, hidden
from ciam_core.accounts.naming import place_of
from ciam_core.models import AbstractCustomer, Device, Session
from ciam_core.queries import devices_of
from ciam_core.sessions.overview import in_words
from ciam_core.sessions.queries import sessions_of, still_live


@dataclass(frozen=True, kw_only=True)
class Listing:
    """``action`` is what staff do to one row.

    The last column is a field of the row that stays ``masked`` until somebody says why they look; then as ``told``.
    """

    name: str
    title: Text
    latest: Text
    reveal: Text
    question: Text
    columns: tuple[Text, ...]
    action: Action
    of: Callable[[AbstractCustomer], QuerySet[Any]]
    cells: Callable[[Any], tuple[Any, ...]]
    masked: str
    told: Callable[[Any], str]
    kept: Callable[[Iterable[Any]], list[Any]] = list

    def row(self, held: Any, *, clear: bool = False, url: str = "") -> Row:
        value = getattr(held, self.masked)
        return Row((*self.cells(held), self.told(held) if clear and value else hidden(value)), url)


def _where(session: Session) -> str:
    address, place = session.address or "", place_of(session.address)
    return address if place == address else f"{address} ({place})"


def _session(row: Session) -> tuple[Any, ...]:
    return in_words(row.agent), row.channel, row.created_at, row.last_used_at


def _device(row: Device) -> tuple[Any, ...]:
    return in_words(row.agent), row.first_used_at, row.last_used_at


SESSIONS = Listing(
    name="sessions",
    title=_("Sessions"),
    latest=_("Latest sessions"),
    reveal=_("Show IP addresses"),
    question=_("You see the IP addresses of this page of the list once. That you did is recorded."),
    columns=(_("Device"), _("Channel"), _("Signed in"), _("Last used"), _("IP address")),
    action=END_SESSION,
    of=sessions_of,
    cells=_session,
    masked="address",
    told=_where,
    kept=still_live,
)
DEVICES = Listing(
    name="devices",
    title=_("Devices"),
    latest=_("Known devices"),
    reveal=_("Show names"),
    question=_("You see what the person calls the devices of this page of the list once. That you did is recorded."),
    columns=(_("Device"), _("First used"), _("Last used"), _("Name")),
    action=FORGET_DEVICE,
    of=devices_of,
    cells=_device,
    masked="name",
    told=lambda row: str(row.name),
)
LISTINGS = (SESSIONS, DEVICES)
