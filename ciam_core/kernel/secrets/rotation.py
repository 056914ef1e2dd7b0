"""Moving what old keys sealed to the first key: row by row, so that it can be killed and run again at any time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import router
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast, Left

from ciam_core.kernel.registry import Registry
from ciam_core.kernel.secrets.fields import SealedField, SealedText
from ciam_core.kernel.secrets.person_keys import person_keys, unwrap, wrap
from ciam_core.kernel.secrets.ring import person_ring, secrets_ring
from ciam_core.kernel.secrets.seals import SecretUnreadable, seal, sealed_prefix, unseal

BATCH = 500


@dataclass
class Resealed:
    """What became of the values that were not under the first key.

    ``left`` counts those that still are not: no key opens them (``unreadable`` holds their primary keys), or a
    process that does not know the new key wrote them meanwhile.
    """

    what: str
    done: int = 0
    left: int = 0
    unreadable: list[Any] = field(default_factory=list)


reencryptions: Registry[Callable[[int], Resealed]] = Registry("re-encryption")
"""What else ``ciam_reencrypt`` refreshes: look-up digests, sealed columns that are no ``SealedField``.

An entry takes the size of a batch. It must be able to be killed and run again, and leave alone what is up to date.
"""


def reseal(model: type[Model], column: str, *, context: str | Callable[[Any], str], batch: int = BATCH) -> Resealed:
    """Seal each value of ``column`` anew that is not under the ring's first key. ``""`` and ``NULL`` are left alone.

    ``context`` is the column's, or makes a row's from its primary key. A value changed meanwhile is never overwritten.
    """
    result = Resealed(f"{model._meta.label}.{column}")
    prefix = sealed_prefix(secrets_ring())
    rows = QuerySet(model=model, using=router.db_for_write(model)).annotate(ciam_sealed=Cast(column, TextField()))
    stale = rows.annotate(ciam_prefix=Left("ciam_sealed", len(prefix))).exclude(ciam_prefix=prefix)
    stale = stale.exclude(ciam_sealed="").exclude(ciam_sealed=None)
    for pk, old in _in_batches(stale, "ciam_sealed", batch):
        place = context if isinstance(context, str) else context(pk)
        try:
            new = seal(unseal(old, context=place), context=place)
        except SecretUnreadable:
            result.unreadable.append(pk)
            continue
        unchanged = rows.filter(pk=pk, ciam_sealed=old)
        result.done += unchanged.update(**{column: SealedText(new, output_field=TextField())})
    result.left = stale.count()
    return result


def reseal_fields(batch: int = BATCH) -> Iterator[Resealed]:
    """Every ``SealedField`` of every model, on the database its router writes to."""
    for model in apps.get_models(include_auto_created=True):
        for sealed in model._meta.local_concrete_fields:
            if isinstance(sealed, SealedField) and not model._meta.proxy:
                yield reseal(model, sealed.attname, context=sealed.context, batch=batch)


def rewrap_person_keys(batch: int = BATCH) -> Resealed:
    """Wrap each person's key with the first wrapping key. The key itself stays, and so does what it sealed."""
    result = Resealed("ciam_kernel.PersonKey")
    epoch = person_ring().first.id
    stale = person_keys().exclude(epoch=epoch)
    for subject_id, old in _in_batches(stale, "wrapped_key", batch):
        try:
            new = wrap(subject_id, unwrap(subject_id, old))
        except SecretUnreadable:
            result.unreadable.append(subject_id)
            continue
        result.done += person_keys().filter(pk=subject_id, wrapped_key=old).update(wrapped_key=new, epoch=epoch)
    result.left = stale.count()
    return result


def _in_batches(rows: QuerySet[Any], column: str, size: int) -> Iterator[tuple[Any, str]]:
    """Primary key and value, a batch at a time. No transaction is held: a change made meanwhile must not wait."""
    pairs = rows.order_by("pk").values_list("pk", column)
    batch = list(pairs[:size])
    while batch:
        yield from batch
        batch = list(pairs.filter(pk__gt=batch[-1][0])[:size])
