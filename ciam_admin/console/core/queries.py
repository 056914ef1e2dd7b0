"""Finding people and reading their trail, in a number of statements that does not grow with either."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress

from ciam_core.accounts.normalising import AddressRefused, normalise_address
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.profile.queries import readable
from ciam_core.audit.sealing import opened
from ciam_core.kernel.exceptions import CiamError
from ciam_core.models import AuditEvent
from ciam_core.queries import owner_of_phone, people_with
from ciam_core.settings import conf as core_conf

MOST_FOUND = 200
"""How many a search finds at most: a page of people is for choosing one, and its price must not grow with the table."""

LATEST = 20
"""Rows of each kind on a person's page."""


def found_people(text: str) -> set[Any]:
    """Ids of people by id, address (whole, or how it begins), proven phone number, or searchable attribute (whole)."""
    text = text.strip()
    try:
        return {UUID(text)}
    except ValueError:
        return {*_at_address(text), *_by_attribute(text), *_at_phone(text)}


def _at_address(text: str) -> Iterator[Any]:
    held = EmailAddress.objects.values_list("user_id", flat=True)
    try:
        whole = normalise_address(text)
    except AddressRefused:
        whole = ""
    exactly = list(held.filter(email=whole)[:MOST_FOUND]) if whole else []
    begins = unicodedata.normalize("NFC", text).lower()
    yield from exactly or held.filter(email__startswith=begins)[:MOST_FOUND]


def _by_attribute(text: str) -> Iterator[Any]:
    for name, attribute in readable("staff").items():
        if attribute.searchable:
            yield from people_with(name, text).values_list("pk", flat=True)[:MOST_FOUND]


def _at_phone(text: str) -> Iterator[Any]:
    if core_conf().PHONES == "off":
        return
    try:
        owner = owner_of_phone(normalise_number(text))
    except CiamError:
        return
    if owner is not None:
        yield owner.pk


@dataclass(frozen=True)
class Told:
    """A row of the trail and what it holds: None after its person's erasure."""

    row: AuditEvent
    details: dict[str, Any] | None


def activity_of(user: Any) -> list[Told]:
    """The latest events about ``user``, opened."""
    return told_by(latest_events(user))


def latest_events(user: Any) -> list[AuditEvent]:
    """The latest events about ``user``, newest first, sealed as they are."""
    return list(AuditEvent.objects.filter(subject_id=str(user.pk)).order_by("-id")[:LATEST])


def told_by(rows: Iterable[AuditEvent]) -> list[Told]:
    return [Told(row, details) for row, details in opened(rows)]
