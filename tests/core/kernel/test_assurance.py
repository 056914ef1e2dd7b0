import pytest

from ciam_core.kernel.assurance import Level, level_sources, required_level


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


def test_one_factor_is_enough_where_nobody_demands_more():
    assert required_level(None) is Level.AAL1


def test_the_highest_demand_counts(demand):
    for name, level in [("rule", Level.AAL2), ("risk", Level.AAL3), ("other", Level.AAL1)]:
        demand(name, level)
    assert required_level(None) is Level.AAL3


def test_levels_compare():
    assert Level.AAL1 < Level.AAL2 < Level.AAL3
