"""Which numbers are taken, and in which spellings (RC2, DO2, DO7)."""

from time import monotonic

import pytest

from ciam_core.accounts.phones.normalising import LONGEST, country_of, mask_number, normalise_number
from ciam_core.exceptions import PhoneCountryRefused, PhoneRefused


@pytest.fixture
def core(settings):
    def change(**values):
        settings.CIAM_CORE = {**settings.CIAM_CORE, **values}

    return change


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "+",
        "hello",
        "112",
        "+49112",
        "+4919001234567",  # premium rate, Germany
        "+449098790000",  # premium rate, Great Britain
        "+448001111111",  # freephone
        "+493012345678",  # fixed line: no text arrives
        "+44791112345",  # a digit short
        "+4479111234567",  # one too many
        "+999123456789",
        "+1-800-FLOWERS",
        "+447911123456;ext=3",
        "+447911123456x3",
        "++447911123456",
        "+44+7911123456",
        "+4479111234Ⅴ6",
        "+4479111234５６\x00",
        "+447911123456\n+491701234567",
        "0170 1234567",  # of no country
        "1" * (LONGEST + 1),
        "+" * LONGEST,
    ],
)
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(PhoneRefused):
        normalise_number(typed)


def test_a_megabyte_is_refused_at_once():
    started = monotonic()
    with pytest.raises(PhoneRefused):
        normalise_number("٣" * 1_000_000)
    assert monotonic() - started < 1


def test_a_number_of_ones_own_country_needs_no_country_code(core):
    core(PHONE_REGION="DE")
    assert normalise_number("0170 123-4567") == normalise_number("+49 170 1234567") == "+491701234567"


def test_only_the_countries_that_are_served_are_taken(core):
    core(PHONE_COUNTRIES=("DE", "FR"))
    assert normalise_number("+491701234567")
    with pytest.raises(PhoneCountryRefused):
        normalise_number("+447911123456")


def test_a_masked_number_shows_country_and_two_digits():
    assert mask_number("+491701234567") == "+49\u00a0•••••\u00a067"
    assert country_of("+14155552671") == "US"
