"""What happened, told once: an ``Event`` is emitted inside the transaction of the change it reports.

``event_recorded`` is sent inside that transaction (audit, outbox: all or nothing), ``event_committed`` after it
(hosts; failures are logged). The ``sender`` is the event's class: ``@receiver(event_committed, sender=EmailVerified)``.
Events carry ids and codes, never addresses, secrets or free text.
"""

import logging
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Origin

logger = logging.getLogger("ciam.events")

event_recorded = Signal()
event_committed = Signal()
event_rehearsed = Signal()


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. ``subject_id`` is the person it is about, ``actor_id`` who did it where that is another."""

    name: ClassVar[str]

    subject_id: str | None
    origin: Origin
    actor_id: str | None = None
    id: UUID = field(default_factory=uuid7)
    occurred_at: datetime = field(default_factory=timezone.now)

    def details(self) -> dict[str, Any]:
        """The fields an event adds to this base, as JSON-able values."""
        base = {own.name for own in fields(Event)}
        return {own.name: getattr(self, own.name) for own in fields(self) if own.name not in base}


def emit(event: Event) -> None:
    """Record ``event`` in the transaction that is open now, and announce it once that has committed.

    Outside a transaction this is a ``RuntimeError``: the change and its event would not stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.name} must be emitted inside the transaction of its change.")
    event_recorded.send(sender=type(event), event=event)
    transaction.on_commit(lambda: _announce(event), robust=True)


def rehearse(event: Event) -> None:
    """Do the work of recording what does not happen, in a block that is rolled back: so that time tells nothing.

    No receiver of a host's hears of it. Leave ``subject_id`` None: a person who never was shall leave no key.
    """
    event_rehearsed.send(sender=type(event), event=event)


def _announce(event: Event) -> None:
    logger.info("%s id=%s subject=%s", event.name, event.id, event.subject_id)
    event_committed.send_robust(sender=type(event), event=event)  # Django logs each receiver that fails
