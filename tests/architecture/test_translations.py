"""The catalogues are complete, sound and compiled, and everything people read is in them."""

import re
from collections import defaultdict
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.utils.functional import Promise

from ciam_core.kernel.context import places
from tests.architecture.catalogues import LANGUAGES, catalogues
from tests.architecture.marked import TEMPLATES, marked_in_python, marked_in_template, unmarked_words
from tests.architecture.sources import PRODUCT, ROOT
from tests.architecture.test_documents import refusals

ENGLISH = {"ciam_core/templates/ciam_core/api_docs.html": "documentation for developers, as docs/ is"}
FILES = [path for folder in PRODUCT for path in sorted(folder.rglob("*")) if "static" not in path.parts]

every_catalogue = pytest.mark.parametrize("path", list(catalogues()), ids=lambda path: named(path))
every_template = pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in TEMPLATES], ids=lambda path: named(path)
)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), check_for_duplicates=True)


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def changed(path: Path, pattern: str) -> list[str]:
    """The translations in which ``pattern`` finds something else than in the English, singular or plural."""
    look = re.compile(pattern)
    return [
        text
        for entry in read(path)
        for text in filter(None, texts(entry))
        if all(
            sorted(look.findall(own)) != sorted(look.findall(text))
            for own in (entry.msgid, entry.msgid_plural or entry.msgid)
        )
    ]


def test_each_app_speaks_every_language():
    homes = [
        ROOT / "ciam_admin",
        ROOT / "ciam_core",
        ROOT / "ciam_mfa",
        *(path.parent for path in (ROOT / "ciam_core").glob("*/apps.py")),
        ROOT / "example_project",
    ]
    wanted = {home / "locale" / language / "LC_MESSAGES/django.po" for home in homes for language in LANGUAGES}
    assert set(catalogues()) == wanted


@every_catalogue
def test_every_sentence_is_translated(path):
    entries = read(path)
    assert [entry.msgid for entry in entries if not all(texts(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


@every_catalogue
def test_a_translation_keeps_the_placeholders_and_tags(path):
    assert changed(path, r"%\(\w+\)\w|%%|\{\w+\}|</?\w[^>]*>") == []


@every_catalogue
def test_a_translation_ends_as_the_english_does(path):
    assert changed(path, r"[.:?!]?$") == []


@every_catalogue
def test_what_is_compiled_is_what_is_written(path):
    assert path.with_suffix(".mo").read_bytes() == read(path).to_binary()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_has_one_translation(language):
    # Django reads the catalogues as one: which app's word wins would depend on the order of INSTALLED_APPS.
    said = defaultdict(set)
    for path in catalogues():
        for entry in read(path) if language in path.parts else []:
            said[entry.msgctxt, entry.msgid].add(tuple(texts(entry)))
    assert {key: words for key, words in said.items() if len(words) > 1} == {}


@pytest.mark.parametrize("folder", PRODUCT, ids=named)
def test_everything_marked_is_in_the_catalogue_and_nothing_else(folder):
    """Says the same as ``make messages``, without gettext."""
    marked = set()
    for path in FILES:
        if path.is_relative_to(folder) and path.suffix == ".py":
            marked |= set(marked_in_python(path))
        elif path.is_relative_to(folder) and path.suffix in TEMPLATES:
            marked |= set(marked_in_template(path))
    for language in LANGUAGES:
        own = [path for path in catalogues() if path.is_relative_to(folder) and language in path.parts]
        known = {(entry.msgctxt or "", entry.msgid) for path in own for entry in read(path)}
        assert (marked - known, known - marked) == (set(), set()), "run `make messages`, then translate"


@every_template
def test_no_template_speaks_unmarked(path):
    if named(path) not in ENGLISH:
        assert unmarked_words(path.read_text()) == []


def test_every_refusal_speaks_the_readers_language():
    assert {kind.__name__ for kind in refusals() if isinstance(getattr(kind, "message", None), str)} == set()


def test_the_navigation_and_the_names_of_our_tables_do():
    assert [place.url_name for place in places if not isinstance(place.label, Promise)] == []
    ours = [model for model in apps.get_models() if model.__module__.startswith("ciam_")]
    names = {model._meta.label: (model._meta.verbose_name, model._meta.verbose_name_plural) for model in ours}
    assert [label for label, both in names.items() if not all(isinstance(name, Promise) for name in both)] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{% translate "Hello" %}', []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %} · {{ name }} – 1.", []),
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<a title="Hello" class="word">&nbsp;</a>', ["Hello"]),
        ('<a title="{% translate "Hello" %}">{# said aside #}</a>', []),
    ],
)
def test_what_is_not_marked_is_found(source, words):
    assert unmarked_words(source) == words
