"""Hash and check passwords: bounded, outside any transaction, and in the same time whoever is asked about."""

import logging
import time
from dataclasses import dataclass
from functools import cache
from statistics import median

from django.contrib.auth.hashers import BasePasswordHasher, get_hasher, identify_hasher, is_password_usable
from django.utils.crypto import get_random_string
from django.views.decorators.debug import sensitive_variables
from nacl import bindings

from ciam_core.kernel.flow import require_no_transaction
from ciam_core.kernel.typing import User
from ciam_core.passwords.gate import hashing_slot
from ciam_core.passwords.text import is_too_long, spellings
from ciam_core.settings import conf

__all__ = ["even_out_refusal", "hash_password", "needs_rehash", "verify_password"]

logger = logging.getLogger("ciam.passwords")

_REFUSAL = 1.25
"""What a refused sign-in takes in all, in hashes: the hash, and as much again as looking a person up can vary."""


@sensitive_variables()
def hash_password(password: str) -> str:
    """What to store in ``user.password``. Say what is acceptable first: ``policy.require_acceptable``.

    Raises ``PasswordTooLong``, ``HashingBusy``, and ``RuntimeError`` inside a transaction.
    """
    require_no_transaction("Hashing a password")
    with hashing_slot():
        hasher = get_hasher()
        return hasher.encode(password, hasher.salt())


@sensitive_variables()
def verify_password(user: User | None, password: str) -> bool:
    """Whether ``password`` is that of ``user``; False, in the time of a wrong password, where there is none to check.

    That holds for nobody (``None``), a person without a password, a hash that cannot be read and a hash made faster
    than today's. A hash that takes longer than today's stays recognisable until its owner signs in (``needs_rehash``).
    One over the length limit is answered at once, for everybody. Raises ``HashingBusy``, and ``RuntimeError``
    inside a transaction.
    """
    require_no_transaction("Checking a password")
    if is_too_long(password):
        return False
    with hashing_slot():
        return _matches(user.password if user is not None else "", password)


@sensitive_variables()
def even_out_refusal(password: str, *, since: float) -> None:
    """Go on until a refusal has taken what every refusal takes, whether or not it was about somebody.

    ``since`` is ``time.thread_time()`` of before the person was looked up: to find, read and report somebody takes a
    tenth of a millisecond longer than to find nobody, and enough tries would tell.
    """
    if not is_too_long(password):
        _burn_until(since + _REFUSAL * _decoy_of_today().seconds * len(spellings(password)))


def needs_rehash(encoded: str) -> bool:
    """Whether ``encoded``, just verified, should be replaced by ``hash_password`` of the same password."""
    hasher, preferred = _hasher_of(encoded), get_hasher()
    if hasher is None:
        return False
    return hasher.algorithm != preferred.algorithm or preferred.must_update(encoded)


def _matches(encoded: str, password: str) -> bool:
    decoy = _decoy_of_today()
    hasher = _hasher_of(encoded)
    started = time.thread_time()
    if hasher is None:
        get_hasher().verify(password, decoy.encoded)
        matches = False
    else:
        matches = _verify(hasher, password, encoded)
    if not matches:
        _burn_until(started + decoy.seconds * len(spellings(password)))
    return matches


def _hasher_of(encoded: str) -> BasePasswordHasher | None:
    if not encoded or not is_password_usable(encoded):
        return None
    try:
        return identify_hasher(encoded)
    except ValueError:
        logger.warning("A stored password hash is of no hasher in PASSWORD_HASHERS.")
        return None


def _verify(hasher: BasePasswordHasher, password: str, encoded: str) -> bool:
    try:
        return hasher.verify(password, encoded)
    except Exception as error:  # Hashers raise whatever their library does; its text may quote the hash.
        logger.warning("A stored %s password hash was not checked: %s", hasher.algorithm, type(error).__name__)
        return False


@dataclass(frozen=True)
class _Decoy:
    """A hash of a password that nobody has, and the processor seconds that checking it takes."""

    encoded: str
    seconds: float


def _decoy_of_today() -> _Decoy:
    return _decoy(get_hasher().algorithm, conf().PASSWORD_HASH_MEMORY, conf().PASSWORD_HASH_TIME)


@cache
def _decoy(algorithm: str, memory: int, time_cost: int) -> _Decoy:
    hasher = get_hasher(algorithm)
    encoded = hasher.encode(get_random_string(40), hasher.salt())
    return _Decoy(encoded, median(_seconds_to_verify(hasher, encoded) for _ in range(3)))


def _seconds_to_verify(hasher: BasePasswordHasher, encoded: str) -> float:
    started = time.thread_time()
    hasher.verify("", encoded)
    return time.thread_time() - started


def _burn_until(deadline: float) -> None:
    """Work, in steps of about 0.1 ms, until this thread has used as much processor time as an honest check."""
    while time.thread_time() < deadline:
        bindings.crypto_pwhash_alg(16, b"", bytes(16), 1, 128 * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13)
