"""Every named page in real states: axe finds nothing, nothing overflows, nothing is blocked, at both sizes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import URLPattern
from playwright.sync_api import Browser, Page, ViewportSize

from ciam_core.accounts.urls import urlpatterns as account_urls
from ciam_core.federation.urls import PAGES
from ciam_core.messages.urls import urlpatterns as message_urls
from tests.browser.scenes import SCENES, Scene, Visitor
from tests.browser.stage import show
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
COLOURS_ONLY = {"runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS: list[tuple[Any, Any, dict[str, Any]]] = [
    (DESK, "light", {}),
    (DESK, "dark", COLOURS_ONLY),
    (PHONE, "dark", COLOURS_ONLY),
    (PHONE, "light", {}),
]
ALWAYS = {"resultTypes": ["violations"], "iframes": False}  # no script runs in a mail's frame: axe would wait for it
LEADS_ON = {"ciam_set_language"}  # a post, or a way back
SEALED = {"ciam_inbox_html"}  # a mail in its frame: the policy keeps every script out, axe too


@pytest.fixture(scope="module")
def watched(chromium: Browser) -> Iterator[tuple[Page, Watch]]:
    """One tab for all: pages come from the visitor of each test, so nothing in it outlives a scene."""
    context, watch = chromium.new_context(reduced_motion="reduce"), Watch()
    context.add_init_script(AXE)
    watch.over(context)
    yield context.new_page(), watch
    context.close()


@pytest.fixture
def tab(watched: tuple[Page, Watch]) -> Iterator[Page]:
    page, watch = watched
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    yield page
    page.goto("about:blank")  # nothing of this page asks for anything once the routes are gone
    page.unroute_all()
    complaints, watch.complaints = watch.complaints, []
    assert complaints == []


@pytest.mark.parametrize("scene", [own for own in SCENES if own.url_name not in SEALED], ids=lambda scene: scene.name)
def test_every_page_can_be_used_by_everybody(tab: Page, visitor: Visitor, scene: Scene) -> None:
    show(tab, scene, visitor)
    for viewport, theme, options in LOOKS:
        tab.set_viewport_size(viewport)
        tab.emulate_media(color_scheme=theme)
        found = tab.evaluate("options => axe.run(options)", {**ALWAYS, **options})
        assert [(own["id"], own["nodes"][0]["html"]) for own in found["violations"]] == [], (viewport, theme)
        assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (viewport, theme)


def test_every_page_that_can_be_opened_is_among_the_scenes() -> None:
    named = {str(own.name) for own in [*account_urls, *PAGES, *message_urls] if _can_be_opened(own)}
    assert named - {own.url_name for own in SCENES} - LEADS_ON == set()


def _can_be_opened(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "view_class", None)
    return view is None or ("get" in view.http_method_names and hasattr(view, "get"))
