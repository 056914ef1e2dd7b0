"""Questions about the phone numbers of people."""

from datetime import datetime
from typing import Any, cast

from django.db.models import F, Q, QuerySet

from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.phones.models import Phone
from ciam_core.kernel.secrets import keyed_digest, keyed_digests
from ciam_core.settings import conf

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


def person_at_number(number: str) -> AbstractCustomer | None:
    """Whose account ``number`` opens: proven, or the one they signed up with. One statement."""
    held = phones_at(number).filter(Q(verified_at__isnull=False) | Q(primary=True)).select_related("user")
    row = held.order_by(F("verified_at").asc(nulls_last=True)).first()
    if row is None:
        return None
    row.user.by_proven_contact = row.verified_at is not None
    return cast("AbstractCustomer", row.user)


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


def opens_by_number(user: Any) -> bool:
    """Whether a proven number opens this account as an address would."""
    return conf().phones_may("sign_up") and proven_phones_of(user).exists()


def signed_up_by_phone(user: Any) -> bool:
    """Whether this account was opened with a number that is not proven yet."""
    return user is not None and phones_of(user).filter(primary=True, verified_at=None).exists()
