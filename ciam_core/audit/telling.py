"""Hands each sink of ``AUDIT_SINKS`` every checkpoint, in order, none left out, whatever happens to the others."""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from ciam_core.audit.checkpoints import as_told
from ciam_core.audit.models import AuditCheckpoint, AuditSink
from ciam_core.audit.sinks import Sink
from ciam_core.kernel.flow import require_no_transaction
from ciam_core.settings import conf

logger = logging.getLogger("ciam.audit")

_AT_ONCE = 500
_LEASE = timedelta(minutes=2)
_PAUSE = timedelta(seconds=30)


def behind() -> list[str]:
    """The sinks that have not been told of the last checkpoint."""
    last = AuditCheckpoint.objects.order_by("-number").values_list("number", flat=True).first() or 0
    told = dict(AuditSink.objects.values_list("name", "told"))
    return [name for name in conf().sinks if told.get(name, 0) < last]


def waiting() -> list[str]:
    """Those of them that are in nobody's hands and did not fail just now."""
    held = set(AuditSink.objects.filter(leased_until__gt=timezone.now()).values_list("name", flat=True))
    return [name for name in behind() if name not in held]


def tell(name: str) -> int:
    """Hand the sink ``name`` what it has not had; how many it took. After a failure it is left alone for 30 seconds."""
    require_no_transaction("Telling a sink")
    AuditSink.objects.get_or_create(name=name)
    if not _lease(name):
        return 0
    taken = 0
    pause: timedelta | None = None
    try:
        sink = sink_of(conf().sinks[name])
        for checkpoint in _untold(name):
            sink.take(as_told(checkpoint))
            _note(name, checkpoint)
            taken += 1
    except Exception as error:
        pause = _PAUSE
        logger.error("audit sink %s failed: %s", name, type(error).__name__)
    until = timezone.now() + pause if pause else None
    AuditSink.objects.filter(name=name).update(leased_until=until)
    return taken


def sink_of(declared: dict[str, Any]) -> Sink:
    sink: Sink = import_string(declared["BACKEND"])(**declared.get("OPTIONS", {}))
    return sink


def _lease(name: str) -> bool:
    now = timezone.now()
    free = AuditSink.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), name=name)
    return bool(free.update(leased_until=now + _LEASE))


def _untold(name: str) -> list[AuditCheckpoint]:
    told = AuditSink.objects.values_list("told", flat=True).get(name=name)
    return list(AuditCheckpoint.objects.filter(number__gt=told).order_by("number")[:_AT_ONCE])


def _note(name: str, checkpoint: AuditCheckpoint) -> None:
    now = timezone.now()
    AuditSink.objects.filter(name=name).update(told=checkpoint.number, told_at=now, leased_until=now + _LEASE)
