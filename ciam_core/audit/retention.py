"""Lets go of events older than ``AUDIT_RETENTION``. Their numbers and leaves stay: the tree is whole for ever."""

from django.db import connection, transaction
from django.utils import timezone

from ciam_core.audit import guards
from ciam_core.audit.checkpoints import forgettable
from ciam_core.audit.partitions import SEQUENCE, TABLE, drop_partitions, is_partitioned, make_partitions
from ciam_core.settings import conf

_DELETE = f'DELETE FROM "{TABLE}" WHERE "id" IN (SELECT "event_id" FROM "{SEQUENCE}" WHERE "number" <= %s)'  # noqa: S608  # our names


def retire() -> None:
    """Make the months ahead, then remove what a checkpoint older than ``AUDIT_RETENTION`` stands for.

    On PostgreSQL whole months are dropped, so events stay up to a month longer.
    """
    make_partitions(connection)
    kept, through = conf().AUDIT_RETENTION, forgettable()
    if kept is None or not through:
        return
    if is_partitioned(connection):
        drop_partitions(connection, before=timezone.now() - kept, through=through)
        return
    with transaction.atomic(), guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute(_DELETE, [through])
