"""The bytes of an event's row that its leaf commits to: a JSON array, alike on every database, for ever."""

import json
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from ciam_core.audit.tree import leaf_hash

VERSION = "ciam-audit-1"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# An id as 32 hexadecimal digits, a time as 2026-11-25T16:46:00.123456Z.
_COLUMNS = {
    "postgresql": """
        replace(e."id"::text, '-', ''), e."name", e."subject_id", e."actor_id", e."channel",
        to_char(e."occurred_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e."sealed" """,
    "sqlite": """
        e."id", e."name", e."subject_id", e."actor_id", e."channel",
        replace(substr(e."occurred_at" || CASE WHEN instr(e."occurred_at", '.') THEN '' ELSE '.000000' END, 1, 26),
            ' ', 'T') || 'Z', e."sealed" """,
}


def columns(connection: BaseDatabaseWrapper) -> str:
    """What to select of the event ``e`` for ``leaf_of``, in its order."""
    return _COLUMNS[connection.vendor]


def canonical(*row: Any) -> bytes:
    """``row``: id, name, subject_id, actor_id, channel, occurred_at, sealed, as ``columns`` reads them."""
    return _encode((VERSION, *row)).encode()


def leaf_of(*row: Any) -> bytes:
    return leaf_hash(canonical(*row))
