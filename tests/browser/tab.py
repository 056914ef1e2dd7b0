"""The gallery in a real Chromium, without a server: pages and static files are handed to the browser as it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

from tests.browser.gallery import gallery, render
from tests.chromium import find_chromium

ORIGIN = "http://gallery.localhost"
"""A host a browser trusts as it would https: passkeys are asked for nowhere else."""
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
POLICY = {"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGS)
        yield browser
        browser.close()


def open_gallery(browser: Browser, *, language: str = "en", **options: Any) -> BrowserContext:
    """A context in which ``ORIGIN/pages/<name>`` is that page of the gallery; ``options`` are Playwright's."""
    context = browser.new_context(**options)
    with translation.override(language):
        html = {page.name: render(page, language=language) for page in gallery()}
    context.route("**/*", partial(_answer, html))
    return context


def _answer(html: dict[str, str], route: Route) -> None:
    path = urlsplit(route.request.url).path
    found = finders.find(path.removeprefix(settings.STATIC_URL)) if path.startswith(settings.STATIC_URL) else None
    if found:
        return route.fulfill(path=str(found))
    name = path.removeprefix("/pages/")
    if name in html:
        return route.fulfill(body=html[name], content_type="text/html; charset=utf-8", headers=POLICY)
    return route.fulfill(status=404, body="")
