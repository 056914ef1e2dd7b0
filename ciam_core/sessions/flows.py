"""Beginning and ending sessions; naming and forgetting devices."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ciam_core.accounts.flows.verify import lock
from ciam_core.accounts.mail import mail_new_device
from ciam_core.events import DeviceForgotten, DeviceNamed, SessionEnded, SessionsEnded, SignedIn
from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.revocation import spared
from ciam_core.sessions.devices import Recognised, recognise
from ciam_core.sessions.models import Device, Session
from ciam_core.settings import conf

FORGOTTEN_AFTER = timedelta(days=400)


@flow
def begin_session(
    user: Any, session: Any, *, methods: tuple[str, ...], remember_device: bool, origin: Origin
) -> Recognised | None:
    """``session`` speaks for ``user`` from now on: device, event and row are written together, or none of them.

    A device this person never used is told to them by mail, unless it is their first. ``session`` of another engine
    than ours is saved by that engine, afterwards.
    """
    if conf().MAX_SESSIONS is not None:
        lock(user)
    device = recognise(user, origin) if remember_device else None
    is_new = device is not None and device.is_new
    emit(SignedIn(subject_id=str(user.pk), methods=methods, new_device=is_new, origin=origin))
    if hasattr(session, "begin"):
        session.begin(user, methods=methods, device=device or Recognised(), origin=origin)
        _end_beyond(user, origin=origin)
    if device and device.is_new and device.others:
        mail_new_device(user, origin=origin)
    return device


def _end_beyond(user: Any, *, origin: Origin) -> None:
    if (most := conf().MAX_SESSIONS) is None:
        return
    held = Session.objects.filter(user_id=user.pk).order_by("-created_at", "-pk").values_list("pk", flat=True)
    surplus = [*held[most:]]
    for session_id in surplus:
        emit(SessionEnded(subject_id=str(user.pk), session_id=str(session_id), origin=origin))
    if surplus:
        Session.objects.filter(pk__in=surplus).delete()


@flow
def end_session(user: Any, session_id: UUID | str, *, origin: Origin, actor: Any = None) -> None:
    """End one session of ``user``. Raises ``NotFoundError`` for one that is not theirs."""
    _require_deleted(Session.objects.filter(pk=session_id, user_id=user.pk))
    emit(SessionEnded(subject_id=str(user.pk), session_id=str(session_id), actor_id=_id_of(actor), origin=origin))


@flow
def end_other_sessions(user: Any, *, keep: str | None, origin: Origin) -> int:
    """End all sessions of ``user`` but the one whose key has the digest ``keep``; how many."""
    ended, _ = Session.objects.filter(user_id=user.pk).exclude(key_digest=keep or "").delete()
    emit(SessionsEnded(subject_id=str(user.pk), ended=ended, others_only=True, origin=origin))
    return ended


@flow
def end_all_sessions(user: Any, *, origin: Origin, actor: Any = None) -> int:
    """End all sessions of ``user``; how many."""
    ended, _ = Session.objects.filter(user_id=user.pk).delete()
    emit(SessionsEnded(subject_id=str(user.pk), ended=ended, others_only=False, actor_id=_id_of(actor), origin=origin))
    return ended


@flow
def name_device(user: Any, device_id: UUID | str, *, name: str, origin: Origin) -> None:
    """Call a device of ``user`` by ``name``; empty: by what it is. Raises ``NotFoundError``."""
    if not Device.objects.filter(pk=device_id, user_id=user.pk).update(name=name.strip()):
        raise NotFoundError()
    emit(DeviceNamed(subject_id=str(user.pk), device_id=str(device_id), origin=origin))


@flow
def forget_device(user: Any, device_id: UUID | str, *, origin: Origin, actor: Any = None) -> None:
    """The device counts as new again; its sessions end, but for the one this comes from. Raises ``NotFoundError``."""
    on_it = Session.objects.filter(user_id=user.pk, device_id=device_id)
    on_it.exclude(key_digest=origin.session or "").delete()
    _require_deleted(Device.objects.filter(pk=device_id, user_id=user.pk))
    emit(DeviceForgotten(subject_id=str(user.pk), device_id=str(device_id), actor_id=_id_of(actor), origin=origin))


def end_sessions_and_trust(user: Any, reason: str) -> None:
    """The revoker: no session and no known device is left, save where the owner stays (``spared``)."""
    stays = spared()
    Session.objects.filter(user_id=user.pk).exclude(key_digest=(stays and stays.session) or "").delete()
    Device.objects.filter(user_id=user.pk).exclude(digest=(stays and stays.device) or "").delete()


def sweep_devices() -> None:
    """Forget devices nobody has signed in on for 400 days. Everybody's last one stays: the next counts as new by it."""
    newer = Device.objects.filter(user_id=OuterRef("user_id"), last_used_at__gt=OuterRef("last_used_at"))
    unused = Device.objects.filter(Exists(newer), last_used_at__lt=timezone.now() - FORGOTTEN_AFTER)
    Device.objects.filter(pk__in=[*unused.values_list("pk", flat=True)[:1000]]).delete()


def _require_deleted(rows: QuerySet[Any]) -> None:
    if not rows.delete()[0]:
        raise NotFoundError()


def _id_of(actor: Any) -> str | None:
    return str(actor.pk) if actor is not None else None
