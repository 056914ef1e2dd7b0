"""Questions about the trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ciam_core.accounts.naming import place_of
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.sealing import opened
from ciam_core.kernel.activities import activities
from ciam_core.kernel.agents import device_in_words
from ciam_core.kernel.moments import ago

_PAGE = 500
_SHOWN = 20


@dataclass(frozen=True)
class Happening:
    """A line of a person's activity. ``device`` and ``address`` are empty where staff did it, or nobody can tell."""

    id: UUID
    event: str
    title: str
    occurred_at: datetime
    refused: bool
    by_staff: bool
    device: str = ""
    address: str = ""

    @property
    def ago(self) -> str:
        return ago(self.occurred_at)

    @property
    def place(self) -> str:
        return place_of(self.address)


def activity_of(subject_id: str, *, before: UUID | None = None) -> tuple[list[Happening], UUID | None]:
    """What happened to a person, newest first, in words: twenty of it before the event ``before``, and where to go on.

    Two statements, however much there is. Events that have no words are left out (``kernel.activities``).
    """
    rows = AuditEvent.objects.filter(subject_id=subject_id, name__in=activities.names())
    if before is not None:
        rows = rows.filter(id__lt=before)
    page = list(rows.order_by("-id")[: _SHOWN + 1])
    shown = [_happening(row, told or {}) for row, told in opened(page[:_SHOWN])]
    return shown, shown[-1].id if len(page) > _SHOWN else None


def _happening(row: AuditEvent, told: dict[str, Any]) -> Happening:
    activity, details = activities[row.name], told.get("details", {})
    by_staff = row.actor_id not in (None, row.subject_id)
    where = {} if by_staff else {"device": device_in_words(told.get("agent", "")), "address": told.get("address") or ""}
    return Happening(
        id=row.id,
        event=row.name,
        title=str(activity.title(details)),
        occurred_at=row.occurred_at,
        refused=activity.refused,
        by_staff=by_staff,
        **where,
    )


def exported_events(subject_id: str) -> Iterator[dict[str, Any]]:
    """What the trail tells about a person, oldest first. What another did to them comes without where that one was."""
    rows = AuditEvent.objects.filter(subject_id=subject_id).order_by("id")
    page = list(rows[:_PAGE])
    while page:
        for row, told in opened(page):
            yield _exported(row, told)
        page = list(rows.filter(id__gt=page[-1].id)[:_PAGE])


def _exported(row: AuditEvent, told: dict[str, Any] | None) -> dict[str, Any]:
    exported: dict[str, Any] = {"name": row.name, "occurred_at": row.occurred_at}
    if told is not None:
        exported["details"] = told.get("details", {})
    if told is not None and row.actor_id in (None, row.subject_id):
        exported |= {"address": told.get("address"), "agent": told.get("agent", "")}
    return exported
