"""Key rings: the first key seals, all of them open, so that a key can be replaced while the product runs."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.encoding import force_bytes

from ciam_core.kernel.conf import conf

KEY_BYTES = 32
DERIVED = "SECRET_KEY"
"""Written instead of a key it stands for the keys derived from ``SECRET_KEY`` and ``SECRET_KEY_FALLBACKS``."""

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True)
class Key:
    """32 bytes with a name. The bytes never encrypt: each use has its own key, made by ``derive``."""

    id: str
    material: bytes = field(repr=False)

    def derive(self, use: str) -> bytes:
        """The 32-byte key for ``use`` (HKDF-SHA256, RFC 5869)."""
        return _hkdf(self.material, use)


class Ring:
    """Keys in order. ``name`` keeps the keys of two rings apart, even where a host wrote one key into both."""

    def __init__(self, name: str, keys: Sequence[Key]) -> None:
        self.name = name
        self._keys = {key.id: key for key in reversed(keys)}
        self.first = keys[0]

    def find(self, key_id: str) -> Key | None:
        return self._keys.get(key_id)

    def __iter__(self) -> Iterator[Key]:
        """The first key first."""
        return reversed(self._keys.values())


@cache
def secrets_ring() -> Ring:
    return Ring("secrets", list(_keys("secrets", conf().KEYS, "KEYS")))


@cache
def person_ring() -> Ring:
    """What the personal data keys are wrapped with; a key's id is its epoch."""
    return Ring("person keys", list(_keys("person keys", conf().PERSON_KEYS, "PERSON_KEYS")))


def parse_key(key_id: str, encoded: str) -> Key:
    """A key as a host writes it, or ``ValueError`` whose text never holds key material."""
    if not _KEY_ID.fullmatch(key_id):
        raise ValueError("an id is 1 to 32 letters, digits, '.', '_' or '-'")
    try:
        material = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise ValueError("it is not base64") from None
    if len(material) != KEY_BYTES:
        raise ValueError(f"it has {len(material)} bytes, not {KEY_BYTES}")
    return Key(key_id, material)


def _keys(ring: str, written: dict[str, str], setting: str) -> Iterator[Key]:
    for key_id, encoded in (written or {"": DERIVED}).items():
        if encoded == DERIVED:
            yield from _derived_keys(ring)
            continue
        try:
            yield parse_key(key_id, encoded)
        except ValueError as error:
            raise ImproperlyConfigured(f"CIAM_KERNEL[{setting!r}][{key_id!r}] cannot be used: {error}.") from None


def _derived_keys(ring: str) -> Iterator[Key]:
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        material = _hkdf(force_bytes(secret_key), f"{ring} ring")
        yield Key("d" + hashlib.sha256(material).hexdigest()[:8], material)


@lru_cache(maxsize=1024)
def _hkdf(material: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"django-ciam v1 {use}".encode()).derive(material)


def _forget(*, setting: str, **_: Any) -> None:
    if setting in ("CIAM_KERNEL", "SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        for cached in (secrets_ring, person_ring, _hkdf):
            cached.cache_clear()


setting_changed.connect(_forget)
