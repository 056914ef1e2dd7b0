"""A trail of a size that matters: whatever was done to it is found, wherever, and the first row is named (AU1, AU6).

Thousands of events in the suite; ``CIAM_TEST_TRAIL=1000000`` for as many as SECURITY.md asks for.
"""

import logging
import os
import secrets
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ciam_core.audit.checkpoints import as_told, make_checkpoint
from ciam_core.audit.models import AuditCheckpoint, AuditEvent, AuditSequence
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.kernel.ids import uuid7
from tests.core.audit.trail import CHECKPOINT, EVENT, SEQUENCE, broken, key, leaf_in_table, of, sign_anew, tamper

pytestmark = pytest.mark.django_db(transaction=True)

LOG = logging.getLogger(__name__)  # --log-cli-level=INFO
EVENTS = int(os.environ.get("CIAM_TEST_TRAIL", "5000"))
SPAN = EVENTS // 10
"""A checkpoint after so many."""
FAR = 10 * EVENTS
"""Numbers nobody has, to move rows by."""


def write(count):
    """Events as they lie in the table; what is sealed in them is looked at by nobody here."""
    with transaction.atomic(), connection.cursor() as cursor:
        running = None
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            running = cursor.fetchone()[0]
        rows = (
            AuditEvent(
                id=uuid7(), name="session.signed_in", subject_id=str(number % 1000), channel="app",
                occurred_at=timezone.now(), sealed=f"p1:{secrets.token_urlsafe(200)}", transaction=running,
            )
            for number in range(count)
        )  # fmt: skip
        AuditEvent.objects.bulk_create(rows, batch_size=1000)


def copy_of(number):
    """The id of another row that says the same."""
    row = AuditEvent.objects.get(id=of(number).event_id)
    row.id = uuid7()
    row.save(force_insert=True)
    return row.id


def edit(at):
    tamper(f"UPDATE {EVENT} SET name = 'other' WHERE id = %s", key(of(at)))


def delete(at):
    tamper(f"DELETE FROM {EVENT} WHERE id = %s", key(of(at)))


def insert(at):
    forged = copy_of(at)
    tamper(f"UPDATE {SEQUENCE} SET number = number + {FAR} WHERE number >= {at}")
    tamper(f"UPDATE {SEQUENCE} SET number = number - {FAR - 1} WHERE number >= {at + FAR}")
    AuditSequence.objects.create(number=at, event_id=forged, leaf=leaf_in_table(event_id=forged))


def reorder(at):
    other = at - 1 if at > 1 else 2
    tamper(f"UPDATE {SEQUENCE} SET number = {FAR} WHERE number = {at}")
    tamper(f"UPDATE {SEQUENCE} SET number = {at} WHERE number = {other}")
    tamper(f"UPDATE {SEQUENCE} SET number = {other} WHERE number = {FAR}")


def duplicate(at):
    """In the place of another."""
    copy = copy_of(at - 1 if at > 1 else 2)
    delete(at)
    tamper(f"DELETE FROM {SEQUENCE} WHERE number = {at}")
    AuditSequence.objects.create(number=at, event_id=copy, leaf=leaf_in_table(event_id=copy))


def truncate(at):
    tamper(f"DELETE FROM {EVENT} WHERE id IN (SELECT event_id FROM {SEQUENCE} WHERE number >= {at})")
    tamper(f"DELETE FROM {SEQUENCE} WHERE number >= {at}")


def rewrite(at):
    """With its leaf made to fit."""
    edit(at)
    tamper(f"UPDATE {SEQUENCE} SET leaf = %s WHERE number = {at}", leaf_in_table(of(at)))


def replace_checkpoint(at):
    tamper(f"UPDATE {CHECKPOINT} SET root = %s WHERE number = {checkpoint_at(at)}", "00" * 32)


def checkpoint_at(number):
    return -(-number // SPAN)


def span_of(number):
    last = checkpoint_at(number)
    return f"event {(last - 1) * SPAN + 1} or one after it up to {last * SPAN}"


NAMED = {
    edit: "event {}".format,
    delete: "event {}".format,
    insert: span_of,
    reorder: span_of,
    duplicate: span_of,
    truncate: "event {}".format,
    rewrite: span_of,
    replace_checkpoint: lambda number: f"checkpoint {checkpoint_at(number)}",
}
"""What is done, and what ``verify`` calls the first row that does not hold."""


def test_whatever_is_done_to_a_long_trail_is_found_wherever_it_is():
    for _ in range(10):
        write(SPAN)
        sequence()
        make_checkpoint()
    told = [as_told(own) for own in AuditCheckpoint.objects.order_by("number")]
    began = time.thread_time()
    assert verify(told).signed == EVENTS
    LOG.info("%d rows verified in %.1f CPU seconds", EVENTS, time.thread_time() - began)
    for at in (1, EVENTS // 2 + 7, EVENTS):
        for act, named in NAMED.items():
            assert found_after(act, at) == named(at), (act, at)
    assert found_after(sign_last_anew, EVENTS, told) == "checkpoint 10"
    assert verify(told).signed == EVENTS


def sign_last_anew(at):
    """Who has the key, too."""
    rewrite(at)
    sign_anew(10)


def found_after(act, at, told=()):
    with transaction.atomic():
        act(at)
        found = broken(told)
        transaction.set_rollback(True)
    return found
