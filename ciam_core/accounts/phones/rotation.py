"""Moving the look-up digests of phone numbers to the first key of the ring (``manage.py ciam_reencrypt``)."""

from collections.abc import Iterator

from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.kernel.secrets import SecretUnreadable
from ciam_core.kernel.secrets.rotation import Resealed


def refresh_phone_indexes(batch: int) -> Resealed:
    """Recompute each index that the first key did not make. A row removed meanwhile stays removed."""
    result = Resealed("ciam_core.Phone.index")
    for pk, held, fresh in _stale(batch):
        if fresh is None:
            result.unreadable.append(pk)
        else:
            result.done += Phone.objects.filter(pk=pk, index=held).update(index=fresh)
    result.left = sum(1 for _ in _stale(batch))
    return result


def _stale(batch: int) -> Iterator[tuple[int, str, str | None]]:
    """Primary key, index, and what the index should be: None where no key opens the number."""
    last = 0
    while rows := list(Phone.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "index")[:batch]):
        for pk, held in rows:
            fresh = _index_of(pk)
            if fresh != held:
                yield pk, held, fresh
        last = rows[-1][0]


def _index_of(pk: int) -> str | None:
    try:
        number = Phone.objects.filter(pk=pk).values_list("number", flat=True).first()
    except SecretUnreadable:
        return None
    return phone_index(number) if number is not None else None
