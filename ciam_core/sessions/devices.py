"""Recognising a device, at each sign-in."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.secrets import new_token, token_digest
from ciam_core.sessions.models import Device
from ciam_core.sessions.queries import knows_device
from ciam_core.settings import conf

# By hand: the ORM would ask twice what the database answers at once.
_ADD = """
INSERT INTO "ciam_core_device" ("id", "digest", "user_id", "name", "agent", "first_used_at", "last_used_at")
VALUES (%(id)s, %(digest)s, %(user)s, '', %(agent)s, %(now)s, %(now)s)
RETURNING (SELECT COUNT(*) FROM "ciam_core_device" AS other WHERE other."user_id" = %(user)s AND other."id" <> %(id)s)
"""


@dataclass(frozen=True)
class Recognised:
    """A device that is ``known``, by its digest; or the new row ``device_id``, for which it is to be given ``token``.

    ``others``: how many more the person has.
    """

    known: str = ""
    device_id: UUID | None = None
    token: str = field(default="", repr=False)
    others: int = 0

    @property
    def is_new(self) -> bool:
        return bool(self.token)


def recognise(user: Any, origin: Origin) -> Recognised:
    """Inside a flow: the device ``user`` has just signed in on. The session that begins on it notes its use."""
    if origin.device and (user.on_device == origin.device or knows_device(user, origin)):
        return Recognised(origin.device)
    return _add(user, origin)


def _add(user: Any, origin: Origin) -> Recognised:
    """A token nobody else has seen. Who shares the browser goes over to it: one that was planted there by a stranger,
    to be known to whoever signs in next, opens nothing.
    """
    token, device_id = new_token(), uuid7()
    digest = token_digest(token)
    if origin.device:
        Device.objects.filter(digest=origin.device).update(digest=digest)
    others = _insert(user, device_id, digest, origin)
    if others >= conf().MAX_DEVICES:
        _forget_beyond(user)
    return Recognised(device_id=device_id, token=token, others=others)


def _forget_beyond(user: Any) -> None:
    kept = Device.objects.filter(user_id=user.pk).order_by("-last_used_at", "-pk")[: conf().MAX_DEVICES]
    Device.objects.filter(user_id=user.pk).exclude(pk__in=[*kept.values_list("pk", flat=True)]).delete()


def _insert(user: Any, device_id: UUID, digest: str, origin: Origin) -> int:
    """How many more devices the person has."""
    values = {
        "id": Device._meta.pk.get_db_prep_value(device_id, connection),
        "digest": digest,
        "user": Device._meta.get_field("user").get_db_prep_value(user.pk, connection),
        "agent": origin.agent,
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
        return int(cursor.fetchone()[0])
