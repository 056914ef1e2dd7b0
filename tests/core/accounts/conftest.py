"""Alice owns the account, bob has not proven his address, mallory must not get in."""

import pytest

from ciam_core.kernel.events import event_recorded
from tests.core.accounts.doors import DOORS, App, Browser, Pages
from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def _no_network(settings):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None}


@pytest.fixture
def core(settings):
    """Change some of ``CIAM_CORE``: ``core(PASSWORD_MIN_LENGTH=8)``."""

    def change(**values):
        settings.CIAM_CORE = {**settings.CIAM_CORE, **values}

    return change


@pytest.fixture
def alice(db):
    return PersonFactory(email="alice@example.org")


@pytest.fixture
def bob(db):
    """Signed up, address not proven."""
    return PersonFactory(email="bob@example.org", unproven=True)


@pytest.fixture
def mallory(db):
    return PersonFactory(email="mallory@example.org")


@pytest.fixture
def suspended(db):
    return PersonFactory(email="sasha@example.org", suspended=True)


@pytest.fixture
def passwordless(db):
    return PersonFactory(email="paula@example.org", passwordless=True)


@pytest.fixture
def pages(db):
    return Pages()


@pytest.fixture
def browser(db):
    return Browser()


@pytest.fixture
def app(db):
    return App()


@pytest.fixture(params=DOORS, ids=lambda door: door.__name__)
def door(request, db):
    """Each door in turn; a test of two people makes the second with ``type(door)()``."""
    return request.param()


@pytest.fixture
def recorded():
    """``recorded(SignedIn)``: the events of that class, as the trail gets them."""
    seen = []

    def note(event, **_):
        seen.append(event)

    event_recorded.connect(note)
    yield lambda kind: [event for event in seen if type(event) is kind]
    event_recorded.disconnect(note)
