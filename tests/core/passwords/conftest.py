"""The real hasher, at a cost that keeps tests short; and ``known``, somebody whose password is PASSWORD."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from ciam_core.passwords.queries import hash_password
from tests.core.passwords.hashers import CountingHasher

PASSWORD = "plum cake at the harbour"


@pytest.fixture(autouse=True)
def _real_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "tests.core.passwords.hashers.CountingHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "tests.core.passwords.hashers.RaisingHasher",
    ]
    settings.CIAM_CORE = {"PASSWORD_HASH_MEMORY": 64, "PASSWORD_HASH_TIME": 1, "BREACHED_PASSWORDS": None}


@pytest.fixture
def change(settings: Any) -> Any:
    """Change some of ``CIAM_CORE``: ``change(PASSWORD_MIN_LENGTH=8)``."""

    def apply(**values: Any) -> None:
        settings.CIAM_CORE = {**settings.CIAM_CORE, **values}

    return apply


@pytest.fixture
def known() -> Any:
    return get_user_model()(password=hash_password(PASSWORD))


@pytest.fixture
def counted() -> Any:
    CountingHasher.calls = 0
    return CountingHasher
