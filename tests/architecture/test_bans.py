"""What never stands in the product. Each test names the places that break the rule."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import modules, texts


def test_nothing_is_guarded_by_an_assertion():
    assert [place for place, node in nodes() if isinstance(node, ast.Assert)] == []


def test_nothing_is_drawn_from_a_predictable_generator():
    assert [place for place, node in nodes() if "random" in imported(node)] == []


def test_only_the_kernel_reads_the_session_off_a_request():
    # An app's session is not the browser's: ``kernel.http.session_of`` tells which it is.
    places = [
        place for place, node in nodes() if isinstance(node, ast.Attribute) and ast.unparse(node) == "request.session"
    ]
    assert [place for place in places if not re.match(r"ciam_core/kernel/(http|sessions)\.py:", place)] == []


def test_nothing_is_left_for_later():
    assert found(r"\b(TODO|FIXME|XXX)\b", ".py", ".html", ".txt", ".css", ".js") == []


def test_pages_run_no_inline_script():
    assert found(r"<script(?![^>]*\bsrc=)|\son\w+\s*=|javascript:", ".html") == []


def test_pages_have_no_inline_style():
    # Mail programs know no other; no policy of ours reaches them.
    assert [path for path in found(r"<style|\sstyle\s*=", ".html") if "/ciam_core/messages/" not in path] == []


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for path, module in modules():
        for node in ast.walk(module):
            yield f"{path}:{getattr(node, 'lineno', 0)}", node


def imported(node: ast.AST) -> set[str | None]:
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    return {node.module} if isinstance(node, ast.ImportFrom) else set()


def found(pattern: str, *suffixes: str) -> list[str]:
    return [path for path, text in texts(*suffixes) if re.search(pattern, text)]
