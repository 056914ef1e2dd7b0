"""The trail as lines of JSON or CSV, a page at a time, safe to look at in a terminal and to open as a spreadsheet."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from ciam_core.audit.models import AuditEvent, AuditSequence
from ciam_core.audit.partitions import first_id
from ciam_core.audit.sealing import opened

_PAGE = 500
_CLEAR = ("number", "id", "name", "subject_id", "actor_id", "channel", "occurred_at")
_SEALED = ("details", "address", "agent", "language", "session", "device")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Out(Protocol):
    def write(self, text: str, /) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events: of one person, done by one, of some names, from a moment on, before another."""

    person: str | None = None
    actor: str | None = None
    names: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def rows(self) -> QuerySet[AuditEvent]:
        asked = {
            "subject_id": self.person,
            "actor_id": self.actor,
            "name__in": self.names or None,
            "id__gte": first_id(self.since) if self.since else None,
            "id__lt": first_id(self.until) if self.until else None,
        }
        return AuditEvent.objects.filter(**{look_up: value for look_up, value in asked.items() if value is not None})


def write_json(wanted: Wanted, out: Out, *, unseal: bool) -> int:
    """One object a line, in ASCII: what somebody sent as their agent cannot end the line or steer a terminal."""
    count = 0
    for event in _events(wanted, unseal=unseal):
        out.write(json.dumps(event, separators=(",", ":")) + "\n")
        count += 1
    return count


def write_csv(wanted: Wanted, out: Out, *, unseal: bool) -> int:
    """With a head. Control characters are written out, and a cell no spreadsheet takes for a formula (ASVS 1.2.10)."""
    names = (*_CLEAR, *_SEALED) if unseal else _CLEAR
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names)
    count = 0
    for event in _events(wanted, unseal=unseal):
        lines.writerow([_cell(event.get(name)) for name in names])
        count += 1
    return count


def _events(wanted: Wanted, *, unseal: bool) -> Iterator[dict[str, Any]]:
    rows = wanted.rows().order_by("id")
    page = list(rows[:_PAGE])
    while page:
        numbers = dict(
            AuditSequence.objects.filter(event_id__in=[row.id for row in page]).values_list("event_id", "number")
        )
        for row, told in opened(page) if unseal else ((row, None) for row in page):
            yield _clear(row, numbers.get(row.id)) | {name: (told or {}).get(name) for name in _SEALED if unseal}
        page = list(rows.filter(id__gt=page[-1].id)[:_PAGE])


def _clear(row: AuditEvent, number: int | None) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in _CLEAR[2:-1]}
    return {"number": number, "id": str(row.id), **told, "occurred_at": row.occurred_at.isoformat()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value) if isinstance(value, dict) else str(value)
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda match: f"\\x{ord(match[0]):02x}", text)
    return f"'{plain}" if text.startswith(_FORMULA) else plain
