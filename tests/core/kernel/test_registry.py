import pytest

from ciam_core.kernel.registry import Registry


@pytest.fixture
def colours():
    registry = Registry("colour")
    registry.add("red", object())
    registry.add("green", object())
    return registry


def test_entries_are_in_the_order_they_were_added(colours):
    first = colours.add("blue", object())
    assert colours.names() == ["red", "green", "blue"]
    assert list(colours)[-1] is first is colours["blue"]
    assert len(colours) == 3


def test_one_name_stands_for_one_entry(colours):
    with pytest.raises(ValueError, match="colour 'red' is registered already"):
        colours.add("red", object())


def test_the_same_entry_may_be_added_again(colours):
    colours.add("red", colours["red"])
    assert colours.names() == ["red", "green"]


def test_what_was_removed_is_gone(colours):
    colours.remove("red")
    assert "red" not in colours
    with pytest.raises(KeyError):
        colours.remove("red")


def test_a_registry_can_change_while_it_is_read(colours):
    for _ in colours:
        colours.add("blue", colours["red"])
    assert len(colours) == 3
