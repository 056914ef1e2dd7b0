"""The page of settings says what the dataclasses say."""

import pytest

from ciam_core.kernel.settings import schemas
from tests.architecture.settings_reference import PAGE, described, page


def test_the_page_is_the_one_the_dataclasses_write():
    assert PAGE.read_text() == page(), "run `make docs`"


@pytest.mark.parametrize("conf", schemas, ids=lambda conf: conf.name)
def test_every_setting_is_told_in_a_sentence(conf):
    assert [setting for setting, _, _, sentence in described(conf.schema) if not sentence.endswith(".")] == []
