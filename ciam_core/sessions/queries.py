"""Questions about the sessions and devices of one person."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.accounts.models import AbstractCustomer
from ciam_core.kernel.origin import Origin
from ciam_core.sessions.models import Device, Session
from ciam_core.sessions.timeouts import ends_at

# Every sign-in asks this first. By hand: the ORM would take five times as long to write it as the database to answer.
_KNOWN_AT = """
SELECT person.*, TRUE AS "by_proven_contact", device."digest" AS "on_device"
FROM "ciam_core_device" device JOIN "{people}" person ON person."{pk}" = device."user_id"
JOIN "{contacts}" held ON held."user_id" = device."user_id"
WHERE device."digest" = %s AND held."{contact}" = %s AND {proven} LIMIT 1
"""
_ADDRESSES = {"contacts": "account_emailaddress", "contact": "email", "proven": 'held."verified"'}
_PHONES = {"contacts": "ciam_core_phone", "contact": "index", "proven": 'held."verified_at" IS NOT NULL'}


def knows_device(user: Any, origin: Origin) -> bool:
    """Whether ``user`` has signed in before on the device ``origin`` comes from."""
    return origin.device is not None and Device.objects.filter(digest=origin.device, user_id=user.pk).exists()


def owner_known_at(contact: str, origin: Origin) -> AbstractCustomer | None:
    """Who has proven this address, or the number with this index, and signed in before on the device.


    To note somebody else's beside one's own is no acquaintance. It starts from the device: an address that is
    nobody's costs the same.
    """
    people = get_user_model()._meta
    names = {"people": people.db_table, "pk": people.pk.column, **(_ADDRESSES if "@" in contact else _PHONES)}
    found = get_user_model()._default_manager.raw(_KNOWN_AT.format(**names), [origin.device, contact])
    return next(iter(found), None)


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
