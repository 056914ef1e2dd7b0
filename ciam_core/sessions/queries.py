"""Questions about the sessions and devices of one person."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.kernel.origin import Origin
from ciam_core.sessions.models import Device, Session
from ciam_core.sessions.timeouts import ends_at

# Every sign-in asks this first. By hand: the ORM would take five times as long to write it as the database to answer.
_KNOWS_AT = """
SELECT 1 FROM "ciam_core_device" device JOIN "account_emailaddress" held ON held."user_id" = device."user_id"
WHERE device."digest" = %s AND held."email" = %s AND held."verified" LIMIT 1
"""


def knows_device(user: Any, origin: Origin) -> bool:
    """Whether ``user`` has signed in before on the device ``origin`` comes from."""
    return origin.device is not None and Device.objects.filter(digest=origin.device, user_id=user.pk).exists()


def knows_device_at(address: str, origin: Origin) -> bool:
    """The same for whoever has proven ``address``; to note somebody else's beside one's own is no acquaintance.

    It starts from the device: an address that is nobody's costs the same.
    """
    if origin.device is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_KNOWS_AT, [origin.device, address])
        return cursor.fetchone() is not None


def sessions_of(user: Any) -> QuerySet[Session]:
    """The newest first. Those a stricter time-out has ended may still be among them: see ``still_live``."""
    live = Session.objects.filter(user_id=user.pk, expires_at__gt=timezone.now())
    return live.select_related("user", "device").order_by("-created_at", "-pk")


def live_sessions_of(user: Any) -> list[Session]:
    """Every session that would be let in now."""
    return still_live(sessions_of(user))


def still_live(sessions: Iterable[Session]) -> list[Session]:
    """Those of ``sessions`` that the time-outs of now let live."""
    now = timezone.now()
    return [session for session in sessions if ends_at(session) > now]


def devices_of(user: Any) -> QuerySet[Device]:
    """The one used last comes first."""
    return Device.objects.filter(user_id=user.pk).order_by("-last_used_at", "-pk")
