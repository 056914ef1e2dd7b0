"""One password or one source on many accounts, lists of somebody else's customers, and what is told (TH2, DO4)."""

import json
from dataclasses import asdict

import pytest

from ciam_core.events import SprayDetected, StuffingDetected
from ciam_core.kernel.origin import Channel, Origin
from tests.core.throttling.conftest import stranger
from tests.core.throttling.guessing import guess
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

HERE = Origin(channel=Channel.BROWSER, address="198.51.100.7", agent="list/1.0")


@pytest.fixture(autouse=True)
def small(settings, clock):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 20}


def through(times, *, origin, **how):
    """How many of the tries are evaluated, each at another address; ``origin`` may be a function of their number."""
    origins = (origin(number) if callable(origin) else origin for number in range(times))
    return sum(guess(f"p{number}@example.org", origin=one, **how) == 0 for number, one in enumerate(origins))


def test_one_source_is_stopped_whatever_it_tries(recorded):
    """TH2."""
    assert through(60, origin=HERE) == 20
    assert [event.kind for event in recorded(SprayDetected)] == ["source"]


@pytest.mark.parametrize("address", ["2001:db8:0:1::{:x}", "::ffff:198.51.100.7"])
def test_a_rotating_source_is_one_source(address):
    """DO3."""
    assert through(60, origin=lambda number: Origin(channel=Channel.APP, address=address.format(number))) == 20


@pytest.mark.parametrize("address", ["2001:db8:0:{:x}::1", "198.51.100.{}"])
def test_a_network_is_stopped_as_a_whole(address):
    """DO3: /48 and /24."""
    assert through(140, origin=lambda number: Origin(channel=Channel.APP, address=address.format(number))) == 100


def test_one_password_is_stopped_wherever_it_comes_from(recorded):
    """DO4."""
    assert through(40, origin=stranger, password="Summer 2026 is here") == 10
    assert [event.kind for event in recorded(SprayDetected)] == ["password"]


def test_a_list_of_other_people_s_customers_is_told_once(recorded, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 500}
    through(160, origin=HERE)
    (event,) = recorded(StuffingDetected)
    told = json.dumps(asdict(event), default=str)
    assert "198.51" not in told
    assert "list/1.0" not in told
    assert "example.org" not in told


def test_wrong_passwords_of_customers_are_no_list(recorded, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 500}
    for number in range(60):
        PersonFactory(email=f"p{number}@example.org")
    assert through(60, origin=HERE) == 60
    assert recorded(StuffingDetected) == []


def test_whether_there_are_accounts_slows_no_network():
    """EN8: a slow-down that depended on it would tell who has one (docs/decisions/stuffing-is-told.md)."""
    for number in range(60):
        PersonFactory(email=f"p{number}@example.org")
    known = through(60, origin=HERE)
    elsewhere = Origin(channel=Channel.BROWSER, address="203.0.113.7")
    assert sum(guess(f"q{number}@example.org", origin=elsewhere) == 0 for number in range(60)) == known == 20
