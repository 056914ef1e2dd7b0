"""Python in the documents runs, page by page and top to bottom, as a reader would type it.

What stands under ``<!-- fragment -->`` is part of something larger and is only compiled (``test_documents``).
"""

import re

import pytest

from ciam_core.kernel.settings import schemas
from tests.architecture.documents import PAGES, blocks, named

COMPLETE = [page for page in PAGES if any(not block.mark for block in blocks(page, "python"))]


@pytest.mark.parametrize("page", COMPLETE, ids=named)
def test_complete_examples_run(page, db, settings, capsys):
    settings.BASE_DIR = page.parent
    said: dict[str, object] = {}
    for block in blocks(page, "python"):
        if not block.mark:
            exec(compile(block.text, f"{named(page)}:{block.line}", "exec"), said)
            take_settings(said, settings)
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in promises(page) if line not in printed] == []


def take_settings(said, settings) -> None:
    """What a block wrote into ``CIAM_…`` holds from there on, and passes its check."""
    for conf in schemas:
        if conf.name in said:
            setattr(settings, conf.name, {**getattr(settings, conf.name), **said.pop(conf.name)})
            assert conf.check() == []


def promises(page) -> list[str]:
    """What the page says is printed: ``print(…)  # → this``."""
    return [line for block in blocks(page, "python") for line in re.findall(r"print\(.*\)  # → (.+)", block.text)]
