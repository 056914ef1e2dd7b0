"""A real browser on a real server: one Chromium for this folder, a fresh profile for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.customer import Customer
from tests.browser.scenes import Visitor
from tests.browser.watching import Watch
from tests.chromium import find_chromium

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds; only a failing test waits that long, or a busy machine
PROFILE = {
    "full_name": {"label": "Full name", "autocomplete": "name", "required": "asked"},
    "country": {
        "label": "Country",
        "type": "choice",
        "choices": (("fr", "France"), ("jp", "Japan")),
        "required": "asked",
    },
    "birthday": {"label": "Birthday", "type": "date", "help": "We send a small present.", "encrypted": True},
    "newsletter": {"label": "Newsletter", "type": "boolean"},
    "customer_number": {"label": "Customer number", "write": ("staff",)},
}

ACME = {
    "name": "Acme",
    "issuer": "https://acme.example",
    "client_id": "shop",
    "client_secret": "a secret of the shop's",
}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright runs an event loop of its own in this thread; Django takes it for a coroutine's.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def product(settings: Any) -> None:
    """The product of ``tests.browser.urls``; no password leaves the machine to be looked up."""
    settings.ROOT_URLCONF = "tests.browser.urls"
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    phones = {"PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    settings.CIAM_CORE = {"PROFILE": PROFILE, "BREACHED_PASSWORDS": None, **phones}
    settings.CIAM_FEDERATION = {"PROVIDERS": {"acme": ACME}}
    settings.CIAM_MFA = {"TEXT_MESSAGES": True}
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "SUPPORT_URL": "/help/", "PRIVACY_URL": "/help/#privacy"}


@pytest.fixture
def visitor(product: None, settings: Any, db: None, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Visitor:
    """Somebody at the product without a server in between; the developer inbox is open to them."""
    settings.DEBUG = True
    settings.CIAM_CORE = {**settings.CIAM_CORE, "INBOX_DIR": str(tmp_path)}
    return Visitor(django_capture_on_commit_callbacks)


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """Started once the database is a file: the server would take it for one in memory, and share one connection among
    requests that a page makes at the same time.
    """
    assert live_server.thread.connections_override == {}
    return live_server


@pytest.fixture
def site(product: None, live_server: Any, settings: Any) -> str:
    """Where the product is reached, in mails too."""
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PUBLIC_URL": live_server.url}
    return str(live_server.url)


@pytest.fixture
def new_browser(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser profile of its own, watched: what its console says or its policy blocks fails the test."""
    watch = Watch()

    def open_profile(**options: Any) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": "en-GB", **options}
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        return context

    yield open_profile
    for context in watch.contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture
def new_customer(site: str, new_browser: Callable[..., BrowserContext]) -> Callable[..., Customer]:
    """Somebody at a browser of their own."""
    return lambda **options: Customer(new_browser(**options).new_page(), site)


@pytest.fixture
def alice(new_customer: Callable[..., Customer]) -> Customer:
    """Alice at her browser; she has no account yet."""
    return new_customer()


@pytest.fixture
def tab(new_browser: Callable[..., BrowserContext]) -> Page:
    return new_browser().new_page()
