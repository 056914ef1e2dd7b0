import logging
import statistics
import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher, make_password
from django.db import transaction

from ciam_core.passwords.exceptions import PasswordTooLong
from ciam_core.passwords.queries import even_out_refusal, hash_password, needs_rehash, verify_password
from tests.core.passwords.conftest import PASSWORD


def somebody(encoded):
    return get_user_model()(password=encoded)


def test_the_right_password_is_right_and_another_is_not(known):
    assert verify_password(known, PASSWORD)
    assert not verify_password(known, PASSWORD + "s")


def test_nobody_has_a_password():
    assert not verify_password(None, PASSWORD)
    assert not verify_password(None, "")


@pytest.mark.parametrize(
    "encoded",
    ["", "!", pytest.param(make_password(None), id="unusable"), "gibberish", "argon2$gibberish", "pbkdf2_sha256$x$y$z"],
)
def test_no_password_and_an_unreadable_one_do_not_match(encoded):
    assert not verify_password(somebody(encoded), PASSWORD)
    assert not verify_password(somebody(encoded), "")


def test_a_hasher_that_raises_is_logged_without_the_hash(caplog):
    with caplog.at_level(logging.WARNING, "ciam.passwords"):
        assert not verify_password(somebody("raising$hash-of-alice"), PASSWORD)
    assert "RuntimeError" in caplog.text
    assert "hash-of-alice" not in caplog.text


def test_a_check_costs_one_hash_whoever_is_asked_about(known, counted):
    verify_password(None, PASSWORD)  # The first check of a process also measures.
    for user in (known, None, somebody(""), somebody(make_password(None)), somebody("gibberish")):
        counted.calls = 0
        assert not verify_password(user, "not the one it is")
        assert counted.calls == 1


def test_a_password_over_the_limit_is_answered_without_hashing(known, counted):
    for user in (known, None):
        started = time.thread_time()
        assert not verify_password(user, "\u0315\u0300" * 500_000)
        assert time.thread_time() - started < 0.05
    assert counted.calls == 0
    with pytest.raises(PasswordTooLong):
        hash_password("a" * 1_000_000)


def test_a_fast_hash_of_an_import_is_not_refused_faster(change):
    change(PASSWORD_HASH_MEMORY=8192)
    people = {
        "known": somebody(hash_password(PASSWORD)),
        "legacy": somebody(MD5PasswordHasher().encode(PASSWORD, "salt")),
        "nobody": None,
        "without": somebody(make_password(None)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in people}
    for _ in range(15):
        for name, user in people.items():
            started = time.thread_time()
            assert not verify_password(user, "cre\u0300me bru\u0302le\u0301e")
            seconds[name].append(time.thread_time() - started)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    assert max(medians.values()) < 1.5 * min(medians.values()), medians


def test_what_finding_somebody_takes_longer_does_not_show_in_a_refusal(known, change):
    change(PASSWORD_HASH_MEMORY=19456)

    def refuse(user, looking_up):
        started = time.thread_time()
        while time.thread_time() < started + looking_up:
            pass
        assert not verify_password(user, "plum")
        even_out_refusal("plum", since=started)
        return time.thread_time() - started

    refuse(None, 0)  # The first check of a process also measures.
    hash_ = min(refuse(None, 0) for _ in range(5)) / 1.25
    nobody, somebody_ = (min(refuse(user, wait) for _ in range(9)) for user, wait in [(None, 0), (known, hash_ / 10)])
    assert abs(somebody_ - nobody) < hash_ / 50


def test_a_hash_of_an_import_verifies_and_is_to_be_replaced():
    encoded = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    assert verify_password(somebody(encoded), PASSWORD)
    assert needs_rehash(encoded)


def test_a_hash_of_other_costs_is_to_be_replaced(known, change):
    assert not needs_rehash(known.password)
    change(PASSWORD_HASH_TIME=2)
    assert verify_password(known, PASSWORD)
    assert needs_rehash(known.password)


@pytest.mark.parametrize("encoded", ["", pytest.param(make_password(None), id="unusable"), "gibberish"])
def test_what_is_no_password_is_not_to_be_replaced(encoded):
    assert not needs_rehash(encoded)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_hashed_while_rows_are_locked(known):
    with transaction.atomic():
        with pytest.raises(RuntimeError, match="transaction"):
            hash_password(PASSWORD)
        with pytest.raises(RuntimeError, match="transaction"):
            verify_password(known, PASSWORD)
