"""The shop's colours, held to what the pages promise."""

import re
from pathlib import Path

import pytest

from example_project import shop
from tests.core.kernel.test_pages import PAIRS, Theme

COLOURS = (Path(shop.__file__).parent / "static/shop/theme.css").read_text()


@pytest.mark.parametrize("number", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read_in_the_shops_colours(number):
    theme = Theme(number)
    theme.values |= dict(re.findall(r"--ciam-([\w-]+): ([^;]+);", COLOURS))

    assert [pair for pair in PAIRS if theme.contrast(*pair) < 4.5] == []
