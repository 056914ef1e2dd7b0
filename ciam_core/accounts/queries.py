"""Questions about people and their addresses."""

from datetime import datetime
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from ciam_core.accounts.models import AbstractCustomer, Erasure
from ciam_core.accounts.phones.queries import proven_phones_of

# Every sign-in asks this. By hand: the ORM would take three times as long to write it as the database to answer.
_PERSON_AT = """
SELECT person.*, held."verified" AS "by_proven_contact"
FROM "{addresses}" held JOIN "{people}" person ON person."{pk}" = held."user_id"
WHERE held."email" = %s AND (held."verified" OR held."primary") ORDER BY held."verified" DESC LIMIT 1
"""


def person_at(address: str) -> AbstractCustomer | None:
    """Whose account ``address`` (normalised) opens: proven, or the one they signed up with. One statement."""
    people = get_user_model()._meta
    names = {"addresses": EmailAddress._meta.db_table, "people": people.db_table, "pk": people.pk.column}
    found = get_user_model()._default_manager.raw(_PERSON_AT.format(**names), [address])
    return next(iter(found), None)


def owner_of(address: str) -> AbstractCustomer | None:
    """Who has proven that ``address`` (normalised) is theirs."""
    proven = EmailAddress.objects.filter(verified=True, email=address).select_related("user").first()
    return cast("AbstractCustomer", proven.user) if proven else None


def person(subject_id: str | None) -> AbstractCustomer | None:
    """The person an event, a proof or a key names."""
    if subject_id is None:
        return None
    people: QuerySet[Any] = get_user_model()._default_manager.all()
    try:
        return cast("AbstractCustomer | None", people.filter(pk=subject_id).first())
    except (ValueError, ValidationError):
        return None


def addresses_of(user: Any) -> QuerySet[EmailAddress]:
    """The primary one first, then by when they were added."""
    held: QuerySet[EmailAddress] = EmailAddress.objects.filter(user_id=user.pk)
    return held.order_by("-primary", "pk")


def proven_addresses_of(user: Any) -> list[str]:
    return [row.email for row in addresses_of(user) if row.verified]


def has_proven_address(user: Any) -> bool:
    return addresses_of(user).filter(verified=True).exists()


def has_proven_contact(user: Any) -> bool:
    """Whether it is known that this account can be reached: by mail, or by text."""
    return has_proven_address(user) or proven_phones_of(user).exists()


def deletion_due(user: AbstractCustomer) -> datetime | None:
    """When an account that asked for it is erased; None where nobody asked."""
    if user.state != AbstractCustomer.State.DELETION_SCHEDULED:
        return None
    return Erasure.objects.filter(pk=str(user.pk)).values_list("due_at", flat=True).first()
