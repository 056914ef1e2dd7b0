"""Argon2id computed by libsodium, in half the time argon2-cffi takes for the same hash.

What is stored is what Django's own ``Argon2PasswordHasher`` stores, so that either reads the other's.
"""

import base64
import hashlib
import logging
import re
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.translation import gettext_noop as _
from nacl import bindings
from nacl.exceptions import CryptoError

from ciam_core.passwords.exceptions import PasswordTooLong
from ciam_core.passwords.gate import hashing_slot
from ciam_core.passwords.text import canonical, octets, spellings
from ciam_core.settings import conf

__all__ = ["Argon2idHasher"]

logger = logging.getLogger("ciam.passwords")

HASH_BYTES = 32
VERSION = 19
MOST_MEMORY = 131_072
MOST_TIME = 10
MOST_LENGTH = 127

_PHC = re.compile(
    r"(?P<algorithm>argon2)\$(?P<variety>argon2i?d?)\$v=(?P<version>\d{1,3})"
    r"\$m=(?P<memory_cost>\d{1,10}),t=(?P<time_cost>\d{1,10}),p=(?P<parallelism>\d{1,8})"
    r"\$(?P<salt>[A-Za-z0-9+/]+)\$(?P<hash>[A-Za-z0-9+/]+)",
    re.ASCII,
)
_NUMBERS = ("version", "memory_cost", "time_cost", "parallelism")


class Argon2idHasher(BasePasswordHasher):
    """Argon2id with p=1 and the m (KiB) and t of ``PASSWORD_HASH_MEMORY`` and ``PASSWORD_HASH_TIME``.

    Verifies argon2id and argon2i of version 19 with any p, made by whatever software, up to m = 128 MiB, t = 10 and
    127 characters; a stored hash beyond that does not match and is logged, so that an imported or planted row cannot
    make a sign-in take gigabytes. argon2d and version 16 do not match either: libsodium does not compute them.
    """

    algorithm = "argon2"

    def encode(self, password: str, salt: str) -> str:
        """The hash to store. ``salt`` may be any text: its 16-byte BLAKE2b digest is what libsodium is given.

        Raises ``PasswordTooLong`` and ``HashingBusy``.
        """
        if not salt:
            raise ValueError("salt must be provided and cannot be empty.")
        settings, secret = conf(), octets(canonical(password))
        salt_bytes = hashlib.blake2b(salt.encode(), digest_size=bindings.crypto_pwhash_SALTBYTES).digest()
        with hashing_slot():
            digest = bindings.crypto_pwhash_alg(
                HASH_BYTES,
                secret,
                salt_bytes,
                settings.PASSWORD_HASH_TIME,
                settings.PASSWORD_HASH_MEMORY * 1024,
                bindings.crypto_pwhash_ALG_ARGON2ID13,
            )
        costs = f"m={settings.PASSWORD_HASH_MEMORY},t={settings.PASSWORD_HASH_TIME},p=1"
        return f"{self.algorithm}$argon2id$v={VERSION}${costs}${_base64(salt_bytes)}${_base64(digest)}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of a stored hash; ``salt`` and ``hash`` in base64 as stored. ``ValueError`` if it is none."""
        match = _PHC.fullmatch(encoded)
        if match is None:
            raise ValueError("This is not an Argon2 hash.")
        return {**match.groupdict(), **{name: int(match[name]) for name in _NUMBERS}}

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it matches. False, never an error, for a hash that cannot be read or costs too much."""
        if hindrance := self._hindrance(encoded):
            logger.warning("A stored password hash was not checked: %s", hindrance)
            return False
        stored = encoded.removeprefix(self.algorithm).encode()
        try:
            candidates = spellings(password)
        except PasswordTooLong:
            return False
        with hashing_slot():
            return any(_matches(stored, octets(candidate)) for candidate in candidates)

    def must_update(self, encoded: str) -> bool:
        """Whether type, version, m, t or p differ from what ``encode`` would store now; the salt's length may."""
        try:
            stored = self.decode(encoded)
        except ValueError:
            return True
        wanted = {
            "variety": "argon2id",
            "version": VERSION,
            "memory_cost": conf().PASSWORD_HASH_MEMORY,
            "time_cost": conf().PASSWORD_HASH_TIME,
            "parallelism": 1,
        }
        return any(stored[name] != value for name, value in wanted.items())

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: ``queries.verify_password`` makes up the difference for every hasher, this one included."""

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What the admin may show of a stored hash."""
        stored = self.decode(encoded)
        return {
            _("algorithm"): stored["algorithm"],
            _("variety"): stored["variety"],
            _("version"): stored["version"],
            _("memory cost"): stored["memory_cost"],
            _("time cost"): stored["time_cost"],
            _("parallelism"): stored["parallelism"],
            _("salt"): mask_hash(stored["salt"]),
            _("hash"): mask_hash(stored["hash"]),
        }

    def _hindrance(self, encoded: str) -> str | None:
        try:
            stored = self.decode(encoded)
        except ValueError:
            return "it cannot be read"
        if stored["variety"] == "argon2d" or stored["version"] != VERSION:
            return f"{stored['variety']} version {stored['version']} is not supported"
        if stored["memory_cost"] > MOST_MEMORY or stored["time_cost"] > MOST_TIME:
            return f"m={stored['memory_cost']}, t={stored['time_cost']} is too costly"
        if len(encoded) - len(self.algorithm) > MOST_LENGTH:
            return "it is too long"
        return None


def _matches(stored: bytes, secret: bytes) -> bool:
    try:
        return bindings.crypto_pwhash_str_verify(stored, secret)
    except CryptoError:
        return False


def _base64(octets: bytes) -> str:
    """Without padding, as in the PHC string format."""
    return base64.b64encode(octets).decode("ascii").rstrip("=")
