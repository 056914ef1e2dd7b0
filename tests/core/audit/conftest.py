"""Alice is the one it happens to, mallory must not learn of it."""

import pytest

from tests.core.accounts.doors import DOORS
from tests.factories import PersonFactory


@pytest.fixture
def alice(db):
    return PersonFactory(email="alice@example.org")


@pytest.fixture
def mallory(db):
    return PersonFactory(email="mallory@example.org")


@pytest.fixture(params=DOORS, ids=lambda door: door.__name__)
def door(request, db):
    return request.param()
