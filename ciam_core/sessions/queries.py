"""Questions about the sessions and devices of one person."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import holder
from ciam_core.kernel.origin import Origin
from ciam_core.sessions.models import Device, Session
from ciam_core.sessions.timeouts import ends_at

# Every sign-in asks this first. By hand: the ORM would take five times as long to write it as the database to answer.
_KNOWN_AT = """
JOIN "ciam_core_device" device ON device."user_id" = held."user_id"
WHERE device."digest" = %s AND held."email" = %s AND held."verified" LIMIT 1
"""


def knows_device(user: Any, origin: Origin) -> bool:
    """Whether ``user`` has signed in before on the device ``origin`` comes from."""
    return origin.device is not None and Device.objects.filter(digest=origin.device, user_id=user.pk).exists()


def owner_known_at(address: str, origin: Origin) -> AbstractCustomer | None:
    """Who has proven ``address`` and signed in before on this device; to note somebody else's is no acquaintance.

    It starts from the device: an address that is nobody's costs the same.
    """
    return holder(_KNOWN_AT, [origin.device, address], also=', device."digest" AS "on_device"')


def sessions_of(user: Any) -> QuerySet[Session]:
    """The newest first. Those a stricter time-out has ended may still be among them: see ``live_sessions_of``."""
    live = Session.objects.filter(user_id=user.pk, expires_at__gt=timezone.now())
    return live.select_related("user", "device").order_by("-created_at", "-pk")


def live_sessions_of(user: Any) -> list[Session]:
    """Every session that would be let in now."""
    now = timezone.now()
    return [session for session in sessions_of(user) if ends_at(session) > now]


def devices_of(user: Any) -> QuerySet[Device]:
    """The one used last comes first."""
    return Device.objects.filter(user_id=user.pk).order_by("-last_used_at", "-pk")
