"""Questions about the phone numbers of people."""

from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet

from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.phones.models import Phone
from ciam_core.kernel.secrets import keyed_digest, keyed_digests

INDEX_CONTEXT = "ciam_core.Phone.index"


def phone_index(number: str) -> str:
    """What an E.164 number is looked up by, and counted by."""
    return keyed_digest(number, context=INDEX_CONTEXT)


def phones_at(number: str) -> QuerySet[Phone]:
    """Every row of ``number``, whichever key of the ring its index was made with."""
    return Phone.objects.filter(index__in=keyed_digests(number, context=INDEX_CONTEXT))


def phone_at(number: str) -> Phone | None:
    """The row of whoever has proven that ``number`` is theirs, with its person. One statement."""
    return phones_at(number).filter(verified_at__isnull=False).select_related("user").first()


def owner_of_phone(number: str) -> AbstractCustomer | None:
    """Who has proven that ``number`` (E.164) is theirs."""
    row = phone_at(number)
    return cast("AbstractCustomer", row.user) if row else None


def phones_of(user: Any) -> QuerySet[Phone]:
    """The primary one first, then by when they were added."""
    return Phone.objects.filter(user_id=user.pk).order_by("-primary", "pk")


def added_phones(user: Any, since: datetime) -> list[str]:
    """The numbers that open the account only since then, masked."""
    return list(proven_phones_of(user).filter(verified_at__gte=since).values_list("hint", flat=True))


def proven_phones_of(user: Any) -> QuerySet[Phone]:
    return phones_of(user).filter(verified_at__isnull=False)
