"""What the code marks for translation, and what it shows without a mark. Needs nothing but Python and Django."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context, Origin, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

TEMPLATES = {".html", ".txt"}
_SINGULAR, _PLURAL, _CONTEXT = "message", "plural", "context"
_CALLS = {
    "_": (_SINGULAR,),
    "gettext": (_SINGULAR,),
    "gettext_lazy": (_SINGULAR,),
    "pgettext": (_CONTEXT, _SINGULAR),
    "pgettext_lazy": (_CONTEXT, _SINGULAR),
    "ngettext": (_SINGULAR, _PLURAL),
    "ngettext_lazy": (_SINGULAR, _PLURAL),
    "npgettext": (_CONTEXT, _SINGULAR, _PLURAL),
    "npgettext_lazy": (_CONTEXT, _SINGULAR, _PLURAL),
}

Message = tuple[str, str]  # context, and the English


def marked_in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (parts := _CALLS.get(ast.unparse(node.func))):
            given = {
                part: own.value for part, own in zip(parts, node.args, strict=False) if isinstance(own, ast.Constant)
            }
            if isinstance(given.get(_SINGULAR), str):
                yield str(given.get(_CONTEXT, "")), str(given[_SINGULAR])


def marked_in_template(path: Path) -> Iterator[Message]:
    nodes: Any = Template(path.read_text(), origin=Origin(str(path))).nodelist
    for simple in nodes.get_nodes_by_type(TranslateNode):
        literal = getattr(simple.filter_expression.var, "literal", None)
        if isinstance(literal, str):
            yield _context(simple), literal.replace("%", "%%")
    for block in nodes.get_nodes_by_type(BlockTranslateNode):
        yield _context(block), block.render_token_list(block.singular)[0]


def _context(node: Any) -> str:
    return str(node.message_context.resolve(Context())) if node.message_context else ""


def unmarked_words(source: str) -> list[str]:
    """The words of a template that stand outside of every translation."""
    for silent in (
        r"\{#.*?#\}",
        r"\{% comment.*?endcomment %\}",
        r"\{% blocktranslate.*?endblocktranslate %\}",
        r"\{% block (?:narrow|theme) %\}.*?\{% endblock %\}",  # classes and attributes
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
        r"<(style|script).*?</\1>",
        r"<!--.*?-->|<!doctype[^>]*>",
    ):
        source = re.sub(silent, "", source, flags=re.DOTALL)
    spoken = re.findall(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", source)
    text = html.unescape(re.sub(r"<[^>]*>", "\n", source))
    return [line.strip() for line in [*spoken, *text.split("\n")] if re.search(r"[^\W\d_]{2,}", line)]
