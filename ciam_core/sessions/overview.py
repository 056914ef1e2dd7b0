"""Sessions and devices as people see them: in words, gathered by device."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ciam_core.accounts.naming import place_of
from ciam_core.kernel.agents import device_in_words
from ciam_core.kernel.moments import ago
from ciam_core.sessions.models import Device, Session
from ciam_core.sessions.queries import devices_of, live_sessions_of, sessions_of


@dataclass(frozen=True)
class ShownSession:
    """``is_current``: the one that is looking."""

    id: Any
    created_at: datetime
    last_used_at: datetime
    place: str
    is_current: bool

    @property
    def used(self) -> str:
        return ago(self.last_used_at)


@dataclass
class ShownDevice:
    """``id`` is None for what was signed in without being remembered, or has been forgotten since."""

    id: Any
    label: str
    last_used_at: datetime
    is_current: bool = False
    sessions: list[ShownSession] = field(default_factory=list)

    @property
    def used(self) -> str:
        return ago(max([self.last_used_at, *(session.last_used_at for session in self.sessions)]))


def shown_devices(user: Any, *, current: str | None) -> list[ShownDevice]:
    """The one in use first, then by last use. ``current``: digest of the key of the session that asks. Two queries."""
    by_id = {device.pk: ShownDevice(device.pk, label_of(device), device.last_used_at) for device in devices_of(user)}
    strays: list[ShownDevice] = []
    for session in live_sessions_of(user):
        device = by_id.get(session.device_id) if session.device_id else None
        if device is None:
            device = ShownDevice(None, in_words(session.agent), session.last_used_at)
            strays.append(device)
        shown = shown_session(session, current=current)
        device.sessions.append(shown)
        device.is_current = device.is_current or shown.is_current
    return sorted([*by_id.values(), *strays], key=lambda device: not device.is_current)


def shown_session(session: Session, *, current: str | None) -> ShownSession:
    return ShownSession(
        id=session.pk,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        place=place_of(session.address),
        is_current=session.key_digest == current,
    )


def label_of(device: Device) -> str:
    return device.name or in_words(device.agent)


def in_words(agent: str) -> str:
    return device_in_words(agent) or _("A device we do not recognise")


def last_sign_in_row(user: Any) -> dict[str, Any] | None:
    """The line of the overview."""
    latest = sessions_of(user).first()
    if latest is None:
        return None
    # Translators: when and on what somebody signed in: "3 minutes ago, Chrome on Windows".
    value = _("%(ago)s, %(device)s") % {"ago": ago(latest.created_at), "device": in_words(latest.agent)}
    return {"label": _("Last sign-in"), "value": value, "url": reverse("ciam_devices"), "action": _("View")}
