"""Questions about the trail."""

from collections.abc import Iterator
from typing import Any

from ciam_core.audit.models import AuditEvent
from ciam_core.audit.sealing import opened

_PAGE = 500


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
