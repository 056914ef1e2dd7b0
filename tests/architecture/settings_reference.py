"""Writes docs/reference/settings.md from the dataclasses: ``python -m tests.architecture.settings_reference``."""

import ast
import dataclasses
import inspect
import os
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import django

from tests.architecture.sources import ROOT

PAGE = ROOT / "docs" / "reference" / "settings.md"
INTRODUCTION = """\
# Settings

One dict per app. `manage.py check` names every unknown, missing, mistyped and contradictory key, with its id.
This page is written from the dataclasses (`make docs`).
"""


def page() -> str:
    from ciam_core.kernel.settings import schemas

    confs = sorted(schemas, key=lambda conf: conf.name)
    return "\n".join([INTRODUCTION, *(table(conf.name, conf.schema) for conf in confs)])


def table(name: str, schema: type[Any]) -> str:
    rows = [
        f"| `{setting}` | `{kind}` | {default} | {sentence} |" for setting, kind, default, sentence in described(schema)
    ]
    head = ["| setting | type | default | |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {name}", "", *head, *rows, ""])


def described(schema: type[Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each setting of ``schema``: name, type, default, and the sentence that stands under it in the source."""
    settings = {field.name for field in dataclasses.fields(schema)}
    body = ast.parse(textwrap.dedent(inspect.getsource(schema))).body[0].body  # type: ignore[attr-defined]
    for node, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in settings:
            yield node.target.id, in_cell(ast.unparse(node.annotation)), default_of(node), sentence_in(below)


def default_of(node: ast.AnnAssign) -> str:
    match node.value:
        case None:
            return "required"
        case ast.Call(func=ast.Name(id="field"), keywords=keywords):
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in keywords}
            return f"`{given.get('default') or EMPTY[given['default_factory']]}`"
        case value:
            return f"`{in_cell(ast.unparse(value))}`"


EMPTY = {"dict": "{}", "list": "[]", "tuple": "()"}


def sentence_in(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return in_cell(" ".join(text.split()).replace("``", "`"))
    return ""


def in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page())
    elif not PAGE.exists() or PAGE.read_text() != page():
        sys.exit(f"{PAGE.relative_to(ROOT)} is out of date: run `make docs`.")


if __name__ == "__main__":
    main()
