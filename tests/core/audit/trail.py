"""A trail to look at: things that happen, and hands that reach where they must not."""

from django.db import connection, transaction

from ciam_core.audit import guards
from ciam_core.events import SignedIn
from ciam_core.kernel.events import emit
from ciam_core.kernel.origin import Channel, Origin

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
