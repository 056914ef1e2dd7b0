"""Moving the look-up digests of searchable attributes to the first key of the ring (``manage.py ciam_reencrypt``)."""

from collections.abc import Iterator

from ciam_core.accounts.attributes import Attribute
from ciam_core.accounts.models import ProfileValue
from ciam_core.accounts.profile.queries import search_index, value_of
from ciam_core.kernel.secrets import SecretUnreadable
from ciam_core.kernel.secrets.rotation import Resealed
from ciam_core.settings import conf


def refresh_indexes(batch: int) -> Resealed:
    """Recompute each index that the first key did not make. A value changed meanwhile is left to that change."""
    result = Resealed("ciam_core.ProfileValue.index")
    for row, fresh in _stale(batch):
        if fresh is None:
            result.unreadable.append(row.pk)
        else:
            result.done += ProfileValue.objects.filter(pk=row.pk, changed_at=row.changed_at).update(index=fresh)
    result.left = sum(1 for _ in _stale(batch))
    return result


def _stale(batch: int) -> Iterator[tuple[ProfileValue, str | None]]:
    """Each row whose index is not the first key's, and what it should be: None where no key opens the value."""
    for attribute in (own for own in conf().attributes.values() if own.searchable):
        rows = ProfileValue.objects.filter(attribute=attribute.name, index__isnull=False).order_by("pk")
        for row in rows.iterator(chunk_size=batch):
            fresh = _index_of(attribute, row)
            if fresh != row.index:
                yield row, fresh


def _index_of(attribute: Attribute, row: ProfileValue) -> str | None:
    try:
        return search_index(attribute, attribute.to_json(value_of(attribute, row)))
    except SecretUnreadable:
        return None
