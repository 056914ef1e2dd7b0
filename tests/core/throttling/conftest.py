"""Alice owns the account and a laptop; strangers come from wherever they like."""

import pytest
import time_machine
from django.utils import timezone

from ciam_core.accounts.queries import person_at
from ciam_core.kernel.events import event_recorded
from ciam_core.kernel.origin import Channel, Origin
from ciam_core.throttling.lanes import device_trust
from tests.core.accounts.doors import DOORS
from tests.factories import PersonFactory

LAPTOP = "digest of the token on alice's laptop"


@pytest.fixture(autouse=True)
def _no_network(settings):
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None}


@pytest.fixture
def alice(db):
    return PersonFactory(email="alice@example.org")


@pytest.fixture(params=DOORS, ids=lambda door: door.__name__)
def door(request, db):
    return request.param()


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def book():
    """A device book that fits on a page: which device which address was signed in on."""
    known = {(LAPTOP, "alice@example.org")}
    device_trust.add("tests", lambda address, origin: person_at(address) if (origin.device, address) in known else None)
    yield known
    device_trust.remove("tests")


@pytest.fixture
def laptop(book):
    return Origin(channel=Channel.BROWSER, address="192.0.2.1", device=LAPTOP)


@pytest.fixture
def recorded():
    """``recorded(SprayDetected)``: the events of that class, as the trail gets them."""
    seen = []

    def note(event, **_):
        seen.append(event)

    event_recorded.connect(note)
    yield lambda kind: [event for event in seen if type(event) is kind]
    event_recorded.disconnect(note)


def stranger(number=0):
    """One of as many as there are IPv4 addresses, each in a /24 of its own."""
    return Origin(channel=Channel.BROWSER, address=f"{10 + number // 65536}.{number // 256 % 256}.{number % 256}.7")
