"""One key for each person: destroying it makes what was sealed under it unreadable, in backups and trails too.

The key is 32 random bytes, kept wrapped under ``CIAM_KERNEL["PERSON_KEYS"]`` on the database
``CIAM_KERNEL["PERSON_KEYS_DATABASE"]``. It is read for every use and cached nowhere: destroyed is destroyed.
A sealed value reads ``p1:<base64url of nonce, ciphertext and tag>``.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from ciam_core.kernel.conf import conf
from ciam_core.kernel.models import PersonKey
from ciam_core.kernel.secrets.ring import KEY_BYTES, person_ring
from ciam_core.kernel.secrets.seals import SecretUnreadable, decrypt, encrypt, seal_with, unseal_with

_PREFIX = "p1:"


def seal_for(subject_id: str, plain: bytes, *, context: str) -> str:
    """``plain`` sealed under the key of ``subject_id``, which is made on first use (of two racing, one is kept).

    One statement either way: how long it takes does not tell whether somebody was known before.
    """
    return _PREFIX + encrypt(_key_to_seal_for(subject_id), plain, context)


def unseal_for(subject_id: str, sealed: str, *, context: str) -> bytes:
    """What ``seal_for`` sealed. After ``destroy_person_key`` it raises ``SecretUnreadable``, for ever."""
    if not sealed.startswith(_PREFIX):
        raise SecretUnreadable(context, "it is not sealed for a person")
    key = _key_of(subject_id)
    if key is None:
        raise SecretUnreadable(context, "the person's key does not exist")
    return decrypt(key, sealed.removeprefix(_PREFIX), context)


def unseal_each(sealed: Iterable[tuple[str, str, str]]) -> Iterator[bytes | None]:
    """``unseal_for`` for many at once, of any people: ``(subject_id, sealed, context)``. None where it cannot be read.

    One statement reads all the keys, so hand it over a page at a time.
    """
    asked = list(sealed)
    wrapped = dict(person_keys().filter(pk__in={who for who, _, _ in asked}).values_list("pk", "wrapped_key"))
    keys: dict[str, bytes] = {}
    for subject_id, body, context in asked:
        try:
            if subject_id not in keys:
                keys[subject_id] = unwrap(subject_id, wrapped.get(subject_id, ""))
            yield decrypt(keys[subject_id], body.removeprefix(_PREFIX), context)
        except SecretUnreadable:
            yield None


def destroy_person_key(subject_id: str) -> None:
    """Make everything sealed for ``subject_id`` unreadable. A key already gone is as good.

    Sealing for the same id again makes another key, which opens nothing of before.
    """
    person_keys().filter(subject_id=subject_id).delete()


def person_keys() -> QuerySet[PersonKey]:
    return PersonKey.objects.using(conf().PERSON_KEYS_DATABASE)


def wrap(subject_id: str, key: bytes) -> str:
    return seal_with(person_ring(), key, _wrap_context(subject_id))


def unwrap(subject_id: str, wrapped: str) -> bytes:
    return unseal_with(person_ring(), wrapped, _wrap_context(subject_id))


def _key_of(subject_id: str) -> bytes | None:
    wrapped = person_keys().filter(subject_id=subject_id).values_list("wrapped_key", flat=True).first()
    return None if wrapped is None else unwrap(subject_id, wrapped)


def _key_to_seal_for(subject_id: str) -> bytes:
    connection = connections[person_keys().db]
    made_at: Any = connection.ops.adapt_datetimefield_value(timezone.now())
    made = (subject_id, wrap(subject_id, os.urandom(KEY_BYTES)), person_ring().first.id, made_at)
    with connection.cursor() as cursor:
        cursor.execute(_FIND_OR_MAKE[connection.vendor], (*made, subject_id))
        found = cursor.fetchone()
    key = unwrap(subject_id, found[0]) if found else _key_of(subject_id)  # none: another made it at the same instant
    if key is None:
        raise SecretUnreadable(_wrap_context(subject_id), "it was destroyed as it was made")
    return key


# A key that is there is only read: no row is locked or written, as ``DO UPDATE`` would.
_FIND_OR_MAKE = {
    "postgresql": """
WITH made AS (
    INSERT INTO "ciam_kernel_personkey" ("subject_id", "wrapped_key", "epoch", "created_at") VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING "wrapped_key"
)
SELECT "wrapped_key" FROM "ciam_kernel_personkey" WHERE "subject_id" = %s UNION ALL SELECT "wrapped_key" FROM made
""",
    # One writes at a time here, and no common table expression may.
    "sqlite": """
INSERT INTO "ciam_kernel_personkey" ("subject_id", "wrapped_key", "epoch", "created_at") VALUES (%s, %s, %s, %s)
ON CONFLICT ("subject_id") DO UPDATE SET "subject_id" = %s RETURNING "wrapped_key"
""",
}


def _wrap_context(subject_id: str) -> str:
    return f"ciam_kernel.PersonKey.{subject_id}"
