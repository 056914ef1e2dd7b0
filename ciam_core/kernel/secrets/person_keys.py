"""One key for each person: destroying it makes what was sealed under it unreadable, in backups and trails too.

The key is 32 random bytes, kept wrapped under ``CIAM_KERNEL["PERSON_KEYS"]`` on the database
``CIAM_KERNEL["PERSON_KEYS_DATABASE"]``. It is read for every use and cached nowhere: destroyed is destroyed.
A sealed value reads ``p1:<base64url of nonce, ciphertext and tag>``.
"""

import os

from django.db.models import QuerySet

from ciam_core.kernel.conf import conf
from ciam_core.kernel.models import PersonKey
from ciam_core.kernel.secrets.ring import KEY_BYTES, person_ring
from ciam_core.kernel.secrets.seals import SecretUnreadable, decrypt, encrypt, seal_with, unseal_with

_PREFIX = "p1:"


def seal_for(subject_id: str, plain: bytes, *, context: str) -> str:
    """``plain`` sealed under the key of ``subject_id``, which is made on first use (of two racing, one is kept)."""
    return _PREFIX + encrypt(_key_of(subject_id) or _new_key_of(subject_id), plain, context)


def unseal_for(subject_id: str, sealed: str, *, context: str) -> bytes:
    """What ``seal_for`` sealed. After ``destroy_person_key`` it raises ``SecretUnreadable``, for ever."""
    if not sealed.startswith(_PREFIX):
        raise SecretUnreadable(context, "it is not sealed for a person")
    key = _key_of(subject_id)
    if key is None:
        raise SecretUnreadable(context, "the person's key does not exist")
    return decrypt(key, sealed.removeprefix(_PREFIX), context)


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


def _new_key_of(subject_id: str) -> bytes:
    wrapped = wrap(subject_id, os.urandom(KEY_BYTES))
    person_key = PersonKey(subject_id=subject_id, wrapped_key=wrapped, epoch=person_ring().first.id)
    person_keys().bulk_create([person_key], ignore_conflicts=True)
    key = _key_of(subject_id)
    if key is None:
        raise SecretUnreadable(_wrap_context(subject_id), "it was destroyed as it was made")
    return key


def _wrap_context(subject_id: str) -> str:
    return f"ciam_kernel.PersonKey.{subject_id}"
