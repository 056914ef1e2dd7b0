"""Recognising a device: one statement at each sign-in."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.secrets import new_token, token_digest
from ciam_core.sessions.models import Device
from ciam_core.settings import conf

# By hand: the ORM would ask twice what the database answers at once.
_USE = """
UPDATE "ciam_core_device" SET "last_used_at" = %(now)s, "agent" = %(agent)s
WHERE "digest" = %(digest)s AND "user_id" = %(user)s RETURNING "id"
"""
_ADD = """
INSERT INTO "ciam_core_device" ("id", "digest", "user_id", "name", "agent", "first_used_at", "last_used_at")
VALUES (%(id)s, %(digest)s, %(user)s, '', %(agent)s, %(now)s, %(now)s)
RETURNING (SELECT COUNT(*) FROM "ciam_core_device" AS other WHERE other."user_id" = %(user)s AND other."id" <> %(id)s)
"""


@dataclass(frozen=True)
class Recognised:
    """``token``: what the device is to be given, if it needs another. ``others``: how many more the person has."""

    device_id: UUID
    token: str = field(default="", repr=False)
    others: int = 0

    @property
    def is_new(self) -> bool:
        return bool(self.token)


def recognise(user: Any, origin: Origin) -> Recognised:
    """Inside a flow: the device ``user`` has just signed in on."""
    known = _use(user, origin) if origin.device else None
    return Recognised(known) if known else _add(user, origin)


def _use(user: Any, origin: Origin) -> UUID | None:
    row = _ask(_USE, {**_values(user, origin), "digest": origin.device})
    return Device._meta.pk.to_python(row[0]) if row else None


def _add(user: Any, origin: Origin) -> Recognised:
    """A token nobody else has seen. Who shares the browser goes over to it: one that was planted there by a stranger,
    to be known to whoever signs in next, opens nothing.
    """
    token, device_id = new_token(), uuid7()
    digest = token_digest(token)
    if origin.device:
        Device.objects.filter(digest=origin.device).update(digest=digest)
    given = {**_values(user, origin), "id": _uuid(device_id), "digest": digest}
    others = _ask(_ADD, given)[0]
    if others >= conf().MAX_DEVICES:
        _forget_beyond(user)
    return Recognised(device_id, token, others)


def _forget_beyond(user: Any) -> None:
    kept = Device.objects.filter(user_id=user.pk).order_by("-last_used_at", "-pk")[: conf().MAX_DEVICES]
    Device.objects.filter(user_id=user.pk).exclude(pk__in=[*kept.values_list("pk", flat=True)]).delete()


def _values(user: Any, origin: Origin) -> dict[str, Any]:
    column: Any = Device._meta.get_field("user")
    return {
        "user": column.get_db_prep_value(user.pk, connection),
        "agent": origin.agent,
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }


def _uuid(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _ask(statement: str, values: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
