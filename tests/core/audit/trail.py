"""A trail to look at: things that happen, and hands that reach where they must not."""

import pytest
from django.db import connection, transaction

from ciam_core.audit import guards, signing
from ciam_core.audit.checkpoints import digest, signed_part
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.leaves import columns, leaf_of
from ciam_core.audit.models import AuditCheckpoint, AuditSequence
from ciam_core.audit.tree import Tree
from ciam_core.audit.verifying import verify
from ciam_core.events import SignedIn
from ciam_core.kernel.events import emit
from ciam_core.kernel.origin import Channel, Origin

EVENT, SEQUENCE, CHECKPOINT = "ciam_core_auditevent", "ciam_core_auditsequence", "ciam_core_auditcheckpoint"
PHONE = Origin(channel=Channel.APP, address="203.0.113.7", agent="Mozilla/5.0 (iPhone) Safari/604.1", language="en")


def happen(subject_id="alice", *, kind=SignedIn, origin=PHONE, **told):
    """Something happens to ``subject_id``; the event."""
    if kind is SignedIn:
        told.setdefault("methods", ("password",))
    event = kind(subject_id=subject_id, origin=origin, **told)
    with transaction.atomic():
        emit(event)
    return event


def tamper(statement, *values):
    """What somebody can do who owns the database."""
    with guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def of(number):
    return AuditSequence.objects.get(number=number)


def broken(told=()):
    """Where the trail does not hold."""
    with pytest.raises(TrailBroken) as found:
        verify(told)
    return found.value.where


def native():
    return connection.features.has_native_uuid_field


def key(row):
    return row.event_id if native() else row.event_id.hex


def leaf_in_table(row=None, event_id=None):
    event_id = event_id or row.event_id
    with connection.cursor() as cursor:
        value = event_id if native() else event_id.hex
        cursor.execute(f"SELECT {columns(connection)} FROM {EVENT} e WHERE e.id = %s", [value])
        return leaf_of(*cursor.fetchone()).hex()


def sign_anew(*numbers):
    """What somebody can do who has the key, too."""
    for number in numbers:
        own = AuditCheckpoint.objects.get(number=number)
        tree = Tree()
        for row in AuditSequence.objects.filter(number__lte=own.size).order_by("number"):
            tree.add(bytes.fromhex(row.leaf))
        own.root = tree.root.hex()
        own.previous = digest(AuditCheckpoint.objects.get(number=number - 1))
        own.public_key = signing.public_key()
        own.signature = signing.sign(signed_part(own))[1]
        tamper(
            f"UPDATE {CHECKPOINT} SET root = %s, previous = %s, public_key = %s, signature = %s WHERE number = %s",
            own.root, own.previous, own.public_key, own.signature, number,
        )  # fmt: skip
