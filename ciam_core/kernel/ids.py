"""Identifiers: UUIDv7 (RFC 9562 §5.7), time-ordered, so that an index grows at its end."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUIDv7; later ones compare greater within one process (RFC 9562 §6.2, method 2).

    It tells when it was made: where a stranger must not learn that, use a random handle.
    """
    global _last
    with _lock:
        millis = time.time_ns() // 1_000_000
        fresh = (millis << 74) | (int.from_bytes(os.urandom(10), "big") >> 6)
        _last = fresh if fresh > _last else _last + 1
        value = _last
    millis, random = value >> 74, value & ((1 << 74) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | ((random >> 62) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1)))


def _after_fork() -> None:
    global _lock, _last
    _lock, _last = threading.Lock(), 0


os.register_at_fork(after_in_child=_after_fork)
