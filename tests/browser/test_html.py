"""The HTML of every page: what a strict parser and assistive software ask of it. Needs no browser."""

import pytest

from ciam_core.accounts.urls import urlpatterns as account_urls
from tests.browser.markup import problems_in
from tests.browser.scenes import SCENES, Scene, Visitor

ACCOUNT = [own for own in SCENES if own.url_name in {pattern.name for pattern in account_urls}]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_page_is_valid_html(visitor: Visitor, scene: Scene) -> None:
    answer = scene.answer(visitor)
    assert (answer.resolver_match.url_name, answer.status_code) == (scene.url_name, scene.status)
    assert problems_in(answer.content) == []


@pytest.mark.parametrize("scene", ACCOUNT, ids=lambda scene: scene.name)
def test_no_page_of_an_account_is_kept_by_a_browser_or_proxy(visitor: Visitor, scene: Scene) -> None:
    """Playwright switches Chromium's own memory of left pages off, so the back button alone would not show it."""
    assert "no-store" in scene.answer(visitor).headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>", ""),
        ("<p><div>x</div></p>", "Unexpected end tag"),
        ('<p id="a">x</p><p id="a">y</p>', "#a stands 2 times"),
        ('<input name="email">', "<input name=email> has no label"),
        ('<a href="/">x<button type="button">y</button></a>', "<button> in <a>"),
        ("<ul><p>x</p></ul>", "<p> in <ul>"),
        ('<label for="b">x</label>', "<label for> names #b, which is not there"),
        ("<h3>x</h3>", "h1 is followed by h3"),
        ('<form method="post"></form>', "a form without its token"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(body: str, problem: str) -> None:
    page = f'<!doctype html><html lang="en"><head><title>Shop</title></head><body><h1>Shop</h1>{body}</body></html>'
    found = problems_in(page.encode())
    assert len(found) == (1 if problem else 0), found
    assert problem in "".join(found)
