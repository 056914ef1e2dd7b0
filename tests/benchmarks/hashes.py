"""The floor of every sign-in: the password hash alone, at our parameters."""

import time
from collections.abc import Callable
from statistics import median

from tests.benchmarks.people import PASSWORD

MEMORY, PASSES = 19_456, 2  # KiB; the defaults of CIAM_CORE


def libsodium() -> float:
    """Processor milliseconds of one verification, as our hasher computes it."""
    from nacl import bindings

    operations, octets = PASSES, MEMORY * 1024
    stored = bindings.crypto_pwhash_str_alg(
        PASSWORD.encode(), operations, octets, bindings.crypto_pwhash_ALG_ARGON2ID13
    )
    return _milliseconds(lambda: bindings.crypto_pwhash_str_verify(stored, PASSWORD.encode()))


def argon2_cffi() -> float:
    """The same hash as Django's own hasher computes it."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)
    stored = hasher.hash(PASSWORD)
    return _milliseconds(lambda: hasher.verify(stored, PASSWORD))


def _milliseconds(hash_once: Callable[[], object], times: int = 40) -> float:
    hash_once()
    took = []
    for _ in range(times):
        began = time.process_time()
        hash_once()
        took.append((time.process_time() - began) * 1000)
    return median(took)
