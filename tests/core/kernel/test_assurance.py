from datetime import timedelta

import pytest

from ciam_core.kernel.assurance import (
    Level,
    gates,
    has_shown,
    level_of,
    level_sources,
    note_shown,
    required_level,
    shown_in,
)
from tests.factories import PersonFactory


class Demand:
    def __init__(self, level):
        self.level = level

    def required_level(self, user):
        return self.level


@pytest.fixture
def demand():
    names = []

    def add(name, level):
        level_sources.add(name, Demand(level))
        names.append(name)

    yield add
    for name in names:
        level_sources.remove(name)


@pytest.fixture
def alice(db):
    return PersonFactory()


def test_one_factor_is_enough_where_nobody_demands_more(alice):
    assert required_level(alice) is Level.AAL1


def test_the_highest_demand_counts(alice, demand):
    for name, level in [("rule", Level.AAL2), ("risk", Level.AAL3), ("other", Level.AAL1)]:
        demand(name, level)
    assert required_level(alice) is Level.AAL3


def test_levels_compare():
    assert Level.AAL1 < Level.AAL2 < Level.AAL3


def test_a_session_reaches_the_highest_level_that_was_shown_in_it():
    session = {}
    note_shown(session, "1", method="password", amr=("pwd",), level=Level.AAL1)
    assert level_of(session, "1") == Level.AAL1
    note_shown(session, "1", method="totp", amr=("otp",), level=Level.AAL2)
    assert level_of(session, "1") == Level.AAL2
    assert [own.method for own in shown_in(session, "1")] == ["password", "totp"]


def test_what_one_person_showed_counts_for_nobody_else():
    session = {}
    note_shown(session, "1", method="totp", amr=("otp",), level=Level.AAL2)
    assert level_of(session, "2") == Level.AAL1
    note_shown(session, "2", method="password", amr=("pwd",), level=Level.AAL1)
    assert shown_in(session, "1") == []


def test_what_was_shown_grows_old(time_machine):
    session = {}
    time_machine.move_to("2026-01-01 12:00", tick=False)
    note_shown(session, "1", method="totp", amr=("otp",), level=Level.AAL2)
    note_shown(session, "1", method="password", amr=("pwd",), level=Level.AAL1)
    time_machine.move_to("2026-01-01 12:06", tick=False)
    note_shown(session, "1", method="password", amr=("pwd",), level=Level.AAL1)
    assert has_shown(session, "1", level=Level.AAL1, max_age=timedelta(minutes=5))
    assert has_shown(session, "1", level=Level.AAL2)
    assert not has_shown(session, "1", level=Level.AAL2, max_age=timedelta(minutes=5))


def test_a_gate_holds_every_sign_in_back(client, db):
    class Shut(Exception):
        pass

    def shut(request, user):
        raise Shut

    gates.add("shut", shut)
    try:
        with pytest.raises(Shut):
            client.force_login(PersonFactory())
    finally:
        gates.remove("shut")
