"""Every page in German: nothing on it is left in English. Needs no browser."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core import mail
from django.db import connection

from tests.architecture.catalogues import catalogues
from tests.browser.conftest import PROFILE
from tests.browser.gallery import LONG_NAME
from tests.browser.scenes import SCENES, Scene, Visitor

GERMAN = [path for path in catalogues() if "de" in path.parts]
ALIKE = {entry.msgid for path in GERMAN for entry in polib.pofile(str(path)) if entry.msgid == entry.msgstr}
NAMES = [LONG_NAME, "Acme", *re.findall(r"'(.*?)'", str(PROFILE))]
DATA = re.compile(
    rf"https?://\S+|[\w.@-]+@[\w.-]+|\w•+@\w•+(\.\w+)?|(\w\w )?Shop( ·)?|{'|'.join(map(re.escape, NAMES))}"
)
"""What is nobody's to translate here: addresses, the product, and what the host declared or somebody typed."""


class Words(HTMLParser):
    """What a page says: its texts, and the attributes that are read out or shown by the script."""

    SPOKEN = {"alt", "aria-label", "placeholder", "title"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in self.SPOKEN or (name.startswith("data-") and name != "data-for"):
                self.handle_data(value or "")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if self.lasttag != "style" and re.search(r"[^\W\d_]{2}", text):
            self.said.add(text)


TRANSLATED = [own for own in SCENES if own.url_name != "ciam_api_docs"]  # the reference is in English


@pytest.mark.parametrize("scene", TRANSLATED, ids=lambda scene: scene.name)
def test_nothing_on_a_german_page_is_english(visitor: Visitor, scene: Scene, settings: Any, tmp_path: Path) -> None:
    said = {}
    for language in ("en", "de"):
        settings.CIAM_CORE = {**settings.CIAM_CORE, "INBOX_DIR": str(tmp_path / language)}
        mail.outbox.clear()
        before = connection.savepoint()
        answer = scene.answer(Visitor(visitor.commits, language))
        said[language] = Words(answer.content.decode()).said
        connection.savepoint_rollback(str(before))
    assert '<html lang="de"' in answer.content.decode()
    assert {text for text in said["en"] & said["de"] - ALIKE if not DATA.fullmatch(text)} == set()
