"""The trail as a file, row by row: what is sealed stays."""

import csv
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ciam_core.models import AuditEvent

COLUMNS = ("id", "name", "subject_id", "actor_id", "channel", "occurred_at")
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_of(rows: QuerySet[AuditEvent], form: str) -> Iterator[str]:
    """``rows``, oldest first, a page at a time: a long export holds neither memory nor a cursor."""
    if form == "csv":
        yield _as_csv(COLUMNS)
    last: UUID | None = None
    while page := list((rows.filter(pk__gt=last) if last else rows).order_by("pk").values(*COLUMNS)[:_PAGE]):
        last = page[-1]["id"]
        for row in page:
            yield _line(row, form)


def _line(row: dict[str, Any], form: str) -> str:
    told = {**row, "id": str(row["id"]), "occurred_at": row["occurred_at"].isoformat()}
    return _as_csv(told.values()) if form == "csv" else json.dumps(told) + "\n"


class _Echo:
    def write(self, value: str) -> str:
        return value


def _as_csv(values: Any) -> str:
    """One line. What a spreadsheet would run as a formula begins with an apostrophe (CWE-1236)."""
    safe = [f"'{value}" if str(value or "").startswith(_FORMULA) else value for value in values]
    written: str = csv.writer(_Echo()).writerow(safe)
    return written
