"""What must leave the house once its transaction commits: the row is written with the change, Celery carries its id.

Delivery is at least once: a process that dies between the courier's success and the note of it makes the next one
deliver again.
"""

import json
import logging
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ciam_core.kernel.flow import require_no_transaction
from ciam_core.kernel.models import Outbox
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.secrets import seal, unseal

logger = logging.getLogger("ciam.outbox")

DECOY = "decoy"
"""The kind of a row written for nobody, so that time tells nothing: it is dropped when its turn comes."""

_LEASE = timedelta(minutes=5)
_BACKOFF = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]
_IN_QUEUE = timedelta(minutes=1)
_KEPT = timedelta(days=30)
_BATCH = 1000
# Once more on a connection that had died, then the sweep: a broker that is down must not hold a request up.
_PUBLISH = {"max_retries": 1, "interval_start": 0}
_UNFINISHED = Q(sent_at=None, failed_at=None)


class Undeliverable(Exception):
    """Raised by a courier to give up at once: trying again could not help."""


class Courier(Protocol):
    def deliver(self, payload: dict[str, Any]) -> None:
        """Hand ``payload`` over within a minute. ``Undeliverable`` gives up, any other exception is tried again."""


couriers: Registry[Courier] = Registry("courier")
"""Who delivers which kind of row."""


def post(kind: str, payload: dict[str, Any], *, subject_id: str | None, good_for: timedelta) -> Outbox:
    """Write ``payload`` (JSON-able) to the outbox in the transaction that is open now; it leaves after the commit.

    After ``good_for`` it is not delivered any more: an expired code helps nobody. Outside a transaction it is a
    ``RuntimeError``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("What leaves the house must be posted inside the transaction of its change.")
    now = timezone.now()
    row = Outbox(kind=kind, subject_id=subject_id, created_at=now, due_at=now, give_up_at=now + good_for)
    row.sealed = seal(json.dumps(payload, cls=DjangoJSONEncoder).encode(), context=_context(row))
    row.save(force_insert=True)
    transaction.on_commit(lambda: _enqueue(row.pk), robust=True)
    return row


def deliver(outbox_id: UUID | str) -> None:
    """Deliver one row, unless it is finished, not due yet or in the hands of another worker.

    A failure is logged by the name of its exception and tried again later; the caller never sees it. Inside a
    transaction this is a ``RuntimeError``.
    """
    require_no_transaction("Delivery")
    row = _lease(outbox_id)
    if row is None:
        return
    try:
        _hand_over(row)
    except Undeliverable:
        _give_up(row)
    except Exception as error:
        logger.warning("%s %s failed at try %d: %s", row.kind, row.pk, row.attempts, type(error).__name__)
        _postpone(row)
    else:
        _finish(row)


def sweep_outbox() -> None:
    """Send what is due to the workers again, the longest waiting first, and forget what was finished a month ago.

    A row that no worker took is sent off again after a minute: a backlog does not grow by being swept.
    """
    now = timezone.now()
    unqueued = Q(enqueued_at=None) | Q(enqueued_at__lte=now - _IN_QUEUE)
    due = Outbox.objects.filter(_UNFINISHED, unqueued, due_at__lte=now).order_by("due_at")
    for pk in list(due.values_list("pk", flat=True)[:_BATCH]):
        mine = Outbox.objects.filter(_UNFINISHED, unqueued, pk=pk)
        if mine.update(enqueued_at=now) and not _enqueue(pk):
            Outbox.objects.filter(pk=pk).update(enqueued_at=None)
            break
    Outbox.objects.exclude(_UNFINISHED).filter(pk__lt=_first_id_of(_KEPT)).delete()


def has_broker() -> bool:
    """Whether Celery has somewhere to put a message. Without one, the request that commits delivers by itself."""
    return bool(current_app.conf.broker_url or current_app.conf.broker_write_url)


def _enqueue(pk: UUID) -> bool:
    from ciam_core.kernel.tasks import deliver as task  # that module is built on this one

    try:
        if has_broker():
            task.apply_async(args=(str(pk),), retry_policy=_PUBLISH)
        else:
            deliver(pk)
    except Exception as error:
        logger.warning("Outbox row %s waits for the sweep: %s", pk, type(error).__name__)
        return False
    return True


def _lease(outbox_id: UUID | str) -> Outbox | None:
    """The row, if it is this worker's for now. ``attempts`` is the fence: it tells whether it still is later."""
    row = Outbox.objects.filter(_UNFINISHED, pk=outbox_id).first()
    now = timezone.now()
    # A row never tried is due whatever this clock says: the one that wrote it may be ahead.
    if row is None or (row.attempts and row.due_at > now):
        return None
    unleased = Outbox.objects.filter(_UNFINISHED, pk=row.pk, attempts=row.attempts)
    row.attempts += 1
    return row if unleased.update(attempts=row.attempts, due_at=now + _LEASE, enqueued_at=None) else None


def _hand_over(row: Outbox) -> None:
    if row.give_up_at <= timezone.now():
        raise Undeliverable
    payload = json.loads(unseal(row.sealed, context=_context(row)))
    if row.kind != DECOY:
        couriers[row.kind].deliver(payload)


def _finish(row: Outbox) -> None:
    # Without the fence: it left the house, even if another worker has leased the row since.
    Outbox.objects.filter(_UNFINISHED, pk=row.pk).update(sent_at=timezone.now(), sealed="")


def _postpone(row: Outbox) -> None:
    due_at = timezone.now() + _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1]
    if due_at >= row.give_up_at:
        _give_up(row)
    else:
        Outbox.objects.filter(_UNFINISHED, pk=row.pk, attempts=row.attempts).update(due_at=due_at)


def _give_up(row: Outbox) -> None:
    mine = Outbox.objects.filter(_UNFINISHED, pk=row.pk, attempts=row.attempts)
    if mine.update(failed_at=timezone.now(), sealed=""):
        logger.error("%s %s was given up after %d tries.", row.kind, row.pk, row.attempts)


def _context(row: Outbox) -> str:
    return f"ciam_kernel.Outbox:{row.pk}"


def _first_id_of(age: timedelta) -> UUID:
    """The smallest UUIDv7 that could have been made ``age`` ago: the primary key is ordered by time."""
    return UUID(int=int((timezone.now() - age).timestamp() * 1000) << 80)
