"""What of an event is personal, sealed under the key of the person it is about."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from ciam_core.kernel.events import Event
from ciam_core.kernel.secrets import seal_for, unseal_each

NOBODY = "ciam:nobody"
"""Whose key seals an event that is about nobody. A key of a person's kind, since rows are never sealed anew: the ring
that wraps it can be rotated. And the same statement, so that time does not tell the known from the unknown (EN3)."""


def seal_event(event: Event) -> str:
    told = {"details": event.details(), **vars(event.origin)}
    del told["channel"]  # a column
    body = json.dumps({name: value for name, value in told.items() if value}, separators=(",", ":"))
    return seal_for(event.subject_id or NOBODY, body.encode(), context=_place(event.id))


def opened(rows: Iterable[Any]) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    """Each row (``id``, ``subject_id``, ``sealed``) with what it holds: None after the person's erasure.

    One statement for all: hand it over a page at a time.
    """
    page = list(rows)
    bodies = unseal_each((row.subject_id or NOBODY, row.sealed, _place(row.id)) for row in page)
    for row, body in zip(page, bodies, strict=True):
        yield row, None if body is None else json.loads(body)


def _place(event_id: UUID) -> str:
    return f"ciam_core.AuditEvent:{event_id.hex}"
