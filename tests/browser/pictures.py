"""Pictures of every bundled page: 1280 and 360 pixels wide, light and dark, once from right to left, once in German.

``python -m tests.browser.pictures [FOLDER] [NAME …]`` writes them and ``contact-sheet.png`` into FOLDER (``pictures``).
"""

import os
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test import override_settings  # noqa: E402  # our modules need the settings
from playwright.sync_api import Browser  # noqa: E402  # our modules need the settings

from tests.browser.gallery import gallery  # noqa: E402
from tests.browser.tab import ORIGIN, chromium, open_gallery  # noqa: E402

LOOKS = [
    ("1280-light", 1280, "light", "en"),
    ("1280-dark", 1280, "dark", "en"),
    ("360-light", 360, "light", "en"),
    ("360-dark", 360, "dark", "en"),
    ("360-right-to-left", 360, "light", "ar"),
    ("360-german", 360, "light", "de"),
]


def take(browser: Browser, names: list[str], folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Write one picture per page and look; yields (page, look, file)."""
    for look, width, scheme, language in LOOKS:
        viewport = {"width": width, "height": 800}
        context = open_gallery(
            browser, language=language, viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
        )
        tab = context.new_page()
        for name in names:
            tab.goto(f"{ORIGIN}/pages/{name}")
            file = folder / f"{name}-{look}.png"
            tab.screenshot(path=file, full_page=True)
            yield name, look, file
        context.close()


def contact_sheet(browser: Browser, taken: list[tuple[str, str, Path]], file: Path) -> None:
    """All pictures small on one, a page per row."""
    rows: dict[str, list[str]] = {}
    for name, look, picture in taken:
        width = 400 if look.startswith("1280") else 150
        image = f'<img src="{picture.resolve().as_uri()}" width="{width}" alt="{escape(look)}">'
        rows.setdefault(name, []).append(image)
    style = "body{font:14px sans-serif;margin:16px;background:#999} div{display:flex;gap:12px;align-items:start}"
    body = "".join(f"<h2>{escape(name)}</h2><div>{''.join(images)}</div>" for name, images in rows.items())
    source = file.with_suffix(".html")
    source.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}")
    tab = browser.new_page(viewport={"width": 1360, "height": 800})
    tab.goto(source.resolve().as_uri())
    tab.screenshot(path=file, full_page=True)
    source.unlink()


def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [page.name for page in gallery() if not wanted or page.name in wanted]
    offered = {"LANGUAGES": [("en", "English"), ("de", "German")]}
    with override_settings(**offered), chromium() as browser:
        taken = list(take(browser, names, folder))
        contact_sheet(browser, taken, folder / "contact-sheet.png")
    sys.stdout.write(f"{len(taken)} pictures of {len(names)} pages: {folder / 'contact-sheet.png'}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures"), sys.argv[2:])
