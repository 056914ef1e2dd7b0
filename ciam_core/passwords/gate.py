"""Bounded hashing: a storm of sign-ins must not take memory or all cores from the rest of the product."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from ciam_core.passwords.exceptions import HashingBusy
from ciam_core.settings import conf

_thread = threading.local()


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Hold one of this process's ``PASSWORD_HASH_CONCURRENCY`` slots; a thread that holds one enters freely.

    Raises ``HashingBusy`` when none becomes free within ``PASSWORD_HASH_WAIT``.
    """
    if getattr(_thread, "holds_slot", False):
        yield
        return
    slots = _slots(conf().PASSWORD_HASH_CONCURRENCY)
    if not slots.acquire(timeout=conf().PASSWORD_HASH_WAIT.total_seconds()):
        raise HashingBusy(retry_after=1)
    _thread.holds_slot = True
    try:
        yield
    finally:
        _thread.holds_slot = False
        slots.release()


@cache
def _slots(concurrency: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(concurrency)


# A slot taken in the parent at the moment of a fork would never be given back in the child.
os.register_at_fork(after_in_child=_slots.cache_clear)
