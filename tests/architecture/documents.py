"""The pages people read, as the tests compare them with the code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.architecture.sources import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"(?P<mark><!-- [\w:]+ -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block; ``mark`` is the comment right above it: ``embed:…`` or ``fragment``."""

    language: str
    mark: str
    text: str
    line: int


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[Block]:
    text = page.read_text()
    found = (
        Block(match["language"], (match["mark"] or "")[5:-5], match["text"], text.count("\n", 0, match.start("text")))
        for match in _BLOCK.finditer(text)
    )
    return [block for block in found if block.language == language]


def table(page: str, *head: str) -> list[list[str]]:
    """The rows of the table in ``page`` whose head begins with ``head``: one text per cell, without backticks."""
    lines = (ROOT / page).read_text().splitlines()
    starts = [number for number, line in enumerate(lines) if cells(line)[: len(head)] == list(head)]
    assert len(starts) == 1, f"{page} has {len(starts)} tables with the head {head}"
    return list(rows(lines[starts[0] + 2 :]))


def rows(lines: list[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.replace("`", "") for cell in cells(line)]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
