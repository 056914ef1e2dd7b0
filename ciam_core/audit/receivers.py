"""Writing the trail: one row for each event, in the transaction of its change, or neither."""

from typing import Any

from django.db import connection

from ciam_core.audit.sealing import seal_event
from ciam_core.kernel.events import Event, event_recorded, event_rehearsed

# By hand: the ORM would take as long again as the database does.
_INSERT = """
INSERT INTO "ciam_core_auditevent"
    ("id", "name", "subject_id", "actor_id", "channel", "occurred_at", "sealed", "transaction")
    VALUES (%s, %s, %s, %s, %s, %s, %s, {transaction})
"""
_STATEMENT = {
    "postgresql": _INSERT.format(transaction="pg_current_xact_id()::text::bigint"),
    "sqlite": _INSERT.format(transaction="NULL"),
}


def connect() -> None:
    event_recorded.connect(write, dispatch_uid="ciam_core.audit")
    event_rehearsed.connect(write, dispatch_uid="ciam_core.audit")


def write(event: Event, **_: Any) -> None:
    event_id = event.id if connection.features.has_native_uuid_field else event.id.hex
    occurred_at: Any = connection.ops.adapt_datetimefield_value(event.occurred_at)
    told = (event.name, event.subject_id, event.actor_id, str(event.origin.channel), occurred_at, seal_event(event))
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT[connection.vendor], (event_id, *told))
