"""Whether a page is sound HTML: html5lib's strict parser, and the rules of nesting and naming it does not know."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E

INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "summary", "iframe"}
LABELABLE = {"input", "select", "textarea"}
REFERENCES = ["for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form"]
TOKEN = ".//input[@name='csrfmiddlewaretoken']"
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "select": {"option", "optgroup"},
    "p": {"a", "b", "bdi", "br", "code", "em", "i", "input", "label", "span", "strong", "time"},
}


def problems_in(html: bytes) -> list[str]:
    """One sentence for each."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html, transport_encoding="utf-8")
    found = [f"{where}: {E[code] % data}" for where, code, data in parser.errors]
    return [*found, *_ids(page), *_nesting(page), *_names(page), *_outline(page)]


def _ids(page: Element) -> Iterator[str]:
    ids = Counter(own.attrib["id"] for own in page.iter() if "id" in own.attrib)
    yield from (f"#{own} stands {count} times" for own, count in ids.items() if count > 1)
    for own in page.iter():
        for name in REFERENCES:
            lost = set(own.attrib.get(name, "").split()) - ids.keys()
            yield from (f"<{own.tag} {name}> names #{one}, which is not there" for one in sorted(lost))
        if own.tag == "a" and own.attrib.get("href", "").startswith("#") and own.attrib["href"][1:] not in ids:
            yield f"a link leads to {own.attrib['href']}, which is not there"


def _nesting(page: Element) -> Iterator[str]:
    for parent in page.iter():
        for child in _elements(parent):
            if parent.tag in CHILDREN and child.tag not in CHILDREN[str(parent.tag)]:
                yield f"<{child.tag}> in <{parent.tag}>"
        if parent.tag in ("a", "button", "summary"):
            yield from (
                f"<{own.tag}> in <{parent.tag}>"
                for own in parent.iter()
                if own is not parent and own.tag in INTERACTIVE
            )
        if parent.tag == "form":
            yield from ("<form> in <form>" for own in parent.iter("form") if own is not parent)


def _names(page: Element) -> Iterator[str]:
    labelled = {own.attrib.get("for") for own in page.iter("label")}
    for own in page.iter():
        hidden = own.attrib.get("type") == "hidden" or "hidden" in own.attrib
        named = own.attrib.get("id") in labelled or "aria-label" in own.attrib or "aria-labelledby" in own.attrib
        if own.tag in LABELABLE and not hidden and not named:
            yield f"<{own.tag} name={own.attrib.get('name')}> has no label"
        if own.tag == "button" and "type" not in own.attrib:
            yield "a button does not say what it does (type)"
        if own.tag in ("a", "button", "h1", "h2", "li", "dt", "label", "title") and not "".join(own.itertext()).strip():
            yield f"<{own.tag}> is empty"
        if own.tag == "img" and "alt" not in own.attrib:
            yield "a picture has no words (alt)"
        if own.tag == "form" and own.attrib.get("method") == "post" and not own.findall(TOKEN):
            yield "a form without its token"


def _outline(page: Element) -> Iterator[str]:
    root = page if page.tag == "html" else next(page.iter("html"))
    if not root.attrib.get("lang"):
        yield "no language"
    levels = [int(str(own.tag)[1]) for own in page.iter() if str(own.tag) in ("h1", "h2", "h3", "h4")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings {levels}"
    yield from (f"h{a} is followed by h{b}" for a, b in pairwise(levels) if b > a + 1)


def _elements(parent: Element) -> Iterator[Element]:
    tags: list[tuple[Element, object]] = [(child, child.tag) for child in parent]
    return (child for child, tag in tags if isinstance(tag, str))  # a comment's tag is a function
