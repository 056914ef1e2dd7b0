"""From the filters of the trail to rows, by the indexes there are."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.audit.partitions import first_id


def narrowed(rows: QuerySet[Any], given: dict[str, Any]) -> QuerySet[Any]:
    """``rows`` as ``TrailForm`` asks. Days become bounds of the key, so that only their months are read."""
    columns = {"name": "name", "subject": "subject_id", "actor": "actor_id", "channel": "channel"}
    rows = rows.filter(**{column: given[name] for name, column in columns.items() if given.get(name)})
    if since := given.get("since"):
        rows = rows.filter(pk__gte=_begin_of(since))
    if until := given.get("until"):
        rows = rows.filter(pk__lt=_begin_of(until + timedelta(days=1)))
    return rows


def chosen(given: dict[str, Any]) -> list[str]:
    """The filters in words a program reads: ``name=session.signed_in``, ``since=2026-01-31``."""
    return [f"{name}={value}" for name, value in given.items() if value]


def _begin_of(day: date) -> UUID:
    return first_id(timezone.make_aware(datetime.combine(day, time())))
