import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ciam_core.passwords.exceptions import HashingBusy
from ciam_core.passwords.gate import hashing_slot
from ciam_core.passwords.queries import hash_password, verify_password


def most_at_once(threads):
    """How many of ``threads`` held a slot at the same time, at most."""
    counting, now, most = threading.Lock(), 0, 0

    def hold(_):
        nonlocal now, most
        with hashing_slot():
            with counting:
                now, most = now + 1, max(most, now + 1)
            time.sleep(0.03)
            with counting:
                now -= 1

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(hold, range(threads)))
    return most


def test_one_password_is_hashed_at_a_time():
    assert most_at_once(8) == 1


def test_a_host_with_memory_to_spare_allows_more(change):
    change(PASSWORD_HASH_CONCURRENCY=3)
    assert most_at_once(8) == 3


def test_who_waits_too_long_is_told_to_come_back(change):
    change(PASSWORD_HASH_WAIT=timedelta(milliseconds=20))
    with ThreadPoolExecutor(1) as pool, hashing_slot():
        with pytest.raises(HashingBusy) as refusal:
            pool.submit(hash_password, "plum cake at the harbour").result()
        assert refusal.value.retry_after == 1
        with pytest.raises(HashingBusy):
            pool.submit(verify_password, None, "plum cake at the harbour").result()
    assert hash_password("plum cake at the harbour")


def test_a_slot_is_given_back_after_an_error():
    with pytest.raises(ZeroDivisionError), hashing_slot():
        raise ZeroDivisionError
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(hash_password, "plum cake at the harbour").result()


def test_parallel_passwords_all_get_their_hash():
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(hash_password, ["plum cake at the harbour"] * 16))) == 16


def test_a_fork_does_not_inherit_a_taken_slot(change):
    change(PASSWORD_HASH_WAIT=timedelta(milliseconds=100))
    with hashing_slot():
        child = os.fork()
        if child == 0:
            busy = most_at_once(2) != 1
            os._exit(busy)
        assert os.waitpid(child, 0)[1] == 0
