from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import pytest
from django.core.exceptions import ImproperlyConfigured

from ciam_core.kernel.settings import Conf, schemas


@dataclass(frozen=True)
class ShopSettings:
    NAME: str
    LIFETIME: timedelta | None = None
    TRIES: int = 5
    OPEN: bool = True
    MODE: Literal["loose", "strict"] = "strict"
    TAGS: list[str] = field(default_factory=list)
    ANYTHING: Any = None

    def contradictions(self) -> Iterator[str]:
        if self.OPEN and not self.TRIES:
            yield "OPEN needs TRIES."


@pytest.fixture
def conf():
    yield Conf("SHOP_OF_A_TEST", ShopSettings, label="shop")
    schemas.remove("SHOP_OF_A_TEST")


def found(conf):
    return [(problem.id, problem.msg) for problem in conf.check()]


def test_what_is_not_written_has_its_default(conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop", "TRIES": 3}
    assert (conf().NAME, conf().TRIES, conf().OPEN, conf().TAGS) == ("Shop", 3, True, [])
    assert found(conf) == []


def test_a_changed_setting_is_read_again(conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop"}
    assert conf().NAME == "Shop"
    settings.SHOP_OF_A_TEST = {"NAME": "Store"}
    assert conf().NAME == "Store"


def test_a_misspelt_key_is_told_what_was_meant(conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop", "LIFETIM": None, "XYZ": 1}
    hints = {problem.msg: problem.hint for problem in conf.check()}
    assert {problem.id for problem in conf.check()} == {"shop.E001"}
    assert hints["SHOP_OF_A_TEST has no setting 'LIFETIM'."] == "Did you mean 'LIFETIME'?"
    assert hints["SHOP_OF_A_TEST has no setting 'XYZ'."].startswith("Known: ANYTHING, LIFETIME")
    with pytest.raises(ImproperlyConfigured, match="SHOP_OF_A_TEST"):
        conf()


def test_a_missing_key_is_an_error(conf):
    assert found(conf) == [("shop.E002", "SHOP_OF_A_TEST lacks 'NAME', which has no default.")]
    with pytest.raises(ImproperlyConfigured):
        conf()


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("TRIES", "5", "int"),
        ("TRIES", True, "int"),
        ("OPEN", 1, "bool"),
        ("LIFETIME", 60, "timedelta | None"),
        ("MODE", "none", "Literal"),
        ("TAGS", "a", "list[str]"),
        ("NAME", None, "str"),
    ],
)
def test_a_value_of_another_type_is_an_error_that_does_not_tell_it(key, value, wanted, conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop", key: value}
    [(number, message)] = found(conf)
    assert number == "shop.E003"
    assert f"['{key}'] must be " in message
    assert wanted in message
    assert message.endswith(f"not {type(value).__name__}.")


@pytest.mark.parametrize(
    ("key", "value"), [("LIFETIME", None), ("LIFETIME", timedelta(1)), ("MODE", "loose"), ("ANYTHING", object())]
)
def test_a_value_of_its_type_is_none(key, value, conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop", key: value}
    assert found(conf) == []


def test_values_that_cannot_work_together_are_an_error(conf, settings):
    settings.SHOP_OF_A_TEST = {"NAME": "Shop", "TRIES": 0}
    assert found(conf) == [("shop.E004", "SHOP_OF_A_TEST: OPEN needs TRIES.")]


def test_settings_that_are_no_dict_are_an_error(conf, settings):
    settings.SHOP_OF_A_TEST = ["NAME"]
    assert found(conf) == [("shop.E003", "SHOP_OF_A_TEST must be a dict.")]


def test_one_dict_has_one_schema(conf):
    with pytest.raises(ValueError, match="SHOP_OF_A_TEST"):
        Conf("SHOP_OF_A_TEST", ShopSettings, label="shop")
