"""Beyond 250 lines or 30 lines somebody has asked which noun wants to be its own file, and written the answer here."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import ROOT, modules

LONGEST_MODULE = 250
LONGEST_FUNCTION = 30

REVIEWED: dict[str, str] = {
    "ciam_core/events.py": "The list of what is reported: hosts read it from top to bottom, and it has no logic.",
}


def test_what_is_long_has_been_reviewed():
    assert {place: lines for place, lines in long_ones() if place not in REVIEWED} == {}


def test_the_list_names_only_what_is_long():
    assert REVIEWED.keys() - dict(long_ones()).keys() == set()


def long_ones() -> Iterator[tuple[str, int]]:
    for path, module in modules():
        if "/migrations/" in path:
            continue
        lines = len((ROOT / path).read_text().splitlines())
        if lines > LONGEST_MODULE:
            yield path, lines
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST_FUNCTION:
                yield f"{path}::{node.name}", length(node)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1
