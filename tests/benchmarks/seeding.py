"""``python -m tests.benchmarks.seeding 10000`` under the settings of a project: its database has that many people.

Rows go in by COPY, as a migration from another system would bring them. Whoever is in our database has what people have
after a while: a proven address, a key of their own, two rows on the trail.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import django
from django.db import connection, models
from django.utils import timezone

from ciam_core.kernel.ids import uuid7
from tests.benchmarks.people import BUSY, PASSWORD, STAFF, address_of

_PAGE = 100_000
ROWS_OF_THE_BUSY = 5_000
"""So many rows on the trail has the busy person, for lists that are long."""


def seed(people: int) -> None:
    from django.conf import settings

    numbers = iter(range(people))
    write = _write_ours if "ciam_core" in settings.INSTALLED_APPS else _write_theirs
    while page := list(islice(numbers, _PAGE)):
        write(page)


def _write_theirs(numbers: list[int]) -> None:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    person = User(password=make_password(PASSWORD))
    people = [(number, {"id": number + 1, "username": address_of(number)}) for number in numbers]
    _copy(User, person, ({**given, "email": given["username"]} for _, given in people))
    addresses = ({"user_id": given["id"], "email": given["username"]} for _, given in people)
    _copy(EmailAddress, EmailAddress(verified=True, primary=True), addresses, without=["id"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('auth_user', 'id'), %s)", [numbers[-1] + 1])


def _write_ours(numbers: list[int]) -> None:
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    from ciam_core.kernel.models import PersonKey
    from ciam_core.kernel.secrets.person_keys import wrap
    from ciam_core.kernel.secrets.ring import KEY_BYTES, person_ring
    from ciam_core.passwords.queries import hash_password

    model = get_user_model()
    person = model(password=hash_password(PASSWORD), password_checked_at=timezone.now())
    people = [(uuid7(), address_of(number)) for number in numbers]
    _copy(model, person, ({"id": pk, "email": address} for pk, address in people))
    model.objects.filter(email=address_of(STAFF)).update(is_staff=True, is_superuser=True)
    addresses = ({"user_id": pk, "email": address} for pk, address in people)
    _copy(EmailAddress, EmailAddress(verified=True, primary=True), addresses, without=["id"])
    key = bytes(KEY_BYTES)
    keys = ({"subject_id": str(pk), "wrapped_key": wrap(str(pk), key)} for pk, _ in people)
    _copy(PersonKey, PersonKey(epoch=person_ring().first.id), keys)
    _write_trail([str(pk) for pk, _ in people], busy=numbers[0] == BUSY)


def _write_trail(subjects: list[str], *, busy: bool) -> None:
    from ciam_core.audit.models import AuditEvent
    from ciam_core.audit.sealing import seal_event
    from ciam_core.events import AccountRegistered, SignedIn
    from ciam_core.kernel.origin import SYSTEM

    registered = AccountRegistered(subject_id=subjects[0], origin=SYSTEM)
    row = AuditEvent(
        name=registered.name, channel=str(SYSTEM.channel), occurred_at=registered.occurred_at, transaction=0
    )
    # Sealing is per person; nobody reads these, so one seal of the right length does for all.
    row.sealed = seal_event(registered)
    twice = [subject for subject in subjects for _ in range(2)]
    _copy(AuditEvent, row, ({"id": uuid7(), "subject_id": subject} for subject in twice))
    if busy:
        events = [
            SignedIn(subject_id=subjects[0], methods=("password",), origin=SYSTEM) for _ in range(ROWS_OF_THE_BUSY)
        ]
        signed_in = AuditEvent(
            transaction=0, name=SignedIn.name, subject_id=subjects[0], channel=row.channel, occurred_at=timezone.now()
        )
        _copy(AuditEvent, signed_in, [{"id": event.id, "sealed": seal_event(event)} for event in events])


def _copy(
    model: type[models.Model], like: models.Model, rows: Iterable[dict[str, Any]], *, without: Sequence[str] = ()
) -> None:
    """Write ``rows``; what a row does not say is as in ``like``, or the database's default."""
    left = {*without, *(field.attname for field in model._meta.concrete_fields if field.has_db_default())}
    fields = [field for field in model._meta.concrete_fields if field.attname not in left]
    usual = [field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        for values in _filled(rows, [field.attname for field in fields], usual):
            copy.write_row(values)


def _filled(rows: Iterable[dict[str, Any]], names: list[str], usual: list[Any]) -> Iterator[list[Any]]:
    places = {name: place for place, name in enumerate(names)}
    for row in rows:
        values = usual.copy()
        for name, value in row.items():
            values[places[name]] = value
        yield values


if __name__ == "__main__":
    django.setup()
    seed(int(sys.argv[1]))
