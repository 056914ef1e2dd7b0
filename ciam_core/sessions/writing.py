"""Writing a new session, and the last use of the device it begins on: on PostgreSQL one statement."""

from typing import Any

from django.db import connections, router

from ciam_core.sessions.models import Device, Session

# By hand: the ORM would take four times as long to write it as the database to answer.
_INSERT = 'INSERT INTO "ciam_core_session" ({columns}) VALUES ({values})'
_USE = """
UPDATE "ciam_core_device" SET "last_used_at" = %(last_used_at)s, "agent" = %(agent)s
WHERE "digest" = %(device)s AND "user_id" = %(user_id)s RETURNING "id"
"""


def insert_session(row: Session, device: str) -> None:
    """``device``: the digest of a known one it begins on, whose use is noted; or empty."""
    connection = connections[router.db_for_write(Session)]
    at_once = bool(device) and connection.vendor == "postgresql"
    if device and not at_once:
        row.device_id = use_device(row, device)
    values = _values(row, connection)
    marks = {name: f"%({name})s" for name in values}
    if at_once:
        marks["device_id"], values["device"] = '(SELECT "id" FROM used)', device
    statement = _INSERT.format(columns=", ".join(f'"{name}"' for name in marks), values=", ".join(marks.values()))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH used AS ({_USE}) {statement}" if at_once else statement, values)


def use_device(row: Session, device: str) -> Any:
    """Note that ``row`` begins on ``device``: its id, None if it has been forgotten since."""
    connection = connections[router.db_for_write(Session)]
    with connection.cursor() as cursor:
        cursor.execute(_USE, {**_values(row, connection), "device": device})
        found = cursor.fetchone()
    return Device._meta.pk.to_python(found[0]) if found else None


def _values(row: Session, connection: Any) -> dict[str, Any]:
    fields = Session._meta.concrete_fields
    return {str(own.column): own.get_db_prep_save(getattr(row, own.attname), connection) for own in fields}
