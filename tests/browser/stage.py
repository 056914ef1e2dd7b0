"""A scene in a real browser: what the server answered, at its own address, with its own headers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

from tests.browser.scenes import Answer, Scene, Visitor

ORIGIN = "http://localhost"


def show(tab: Page, scene: Scene, visitor: Visitor) -> None:
    """Everything else the page asks for is answered too: static files, and pages as the visitor gets them."""
    answer = scene.answer(visitor)
    here = answer.request["PATH_INFO"]

    def respond(route: Route) -> None:
        path = urlsplit(route.request.url).path
        found = finders.find(path.removeprefix(settings.STATIC_URL)) if path.startswith(settings.STATIC_URL) else None
        if found:
            return route.fulfill(path=str(found))
        return _fulfill(route, answer if path == here else visitor.client.get(path))

    tab.route("**/*", respond)
    tab.goto(ORIGIN + here)


def _fulfill(route: Route, answer: Answer) -> None:
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)
