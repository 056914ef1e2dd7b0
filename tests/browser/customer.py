"""Somebody at a browser: reads, types, presses, opens mails."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import resolve, reverse
from playwright.sync_api import Locator, Page, expect

from tests.journeys.mailbox import newest_link

ADDRESS = "alice@example.org"
OTHER_ADDRESS = "alice@elsewhere.example"
PASSWORD = "a quiet morning by the sea"
NEW_PASSWORD = "another evening in the hills"


class Customer:
    """``address`` and ``password`` are what this person types where they are asked."""

    def __init__(self, tab: Page, site: str) -> None:
        self.tab = tab
        self.site = site
        self.address = ADDRESS
        self.password = PASSWORD

    @property
    def main(self) -> Locator:
        return self.tab.locator("main")

    @property
    def at(self) -> str:
        """The URL name of the page in front of them."""
        return str(resolve(urlsplit(self.tab.url).path).url_name)

    def open(self, name: str, *args: object, **query: str) -> None:
        self.tab.goto(self.site + reverse(name, args=args) + (f"?{urlencode(query)}" if query else ""))

    def field(self, name: str) -> Locator:
        return self.main.locator(f"[name={name}]")

    def send(self, **typed: str) -> None:
        """Fill the named fields of the page's form and press its button."""
        for name, value in typed.items():
            self.field(name).fill(value)
        form = self.main.locator("form", has=self.tab.locator(f"[name={next(iter(typed))}]"))
        self.click(form.locator("button[type=submit]"))

    def press(self, words: str) -> None:
        self.click(self.tab.get_by_role("button", name=words, exact=True))

    def follow(self, words: str) -> None:
        self.click(self.tab.get_by_role("link", name=words, exact=True))

    def click(self, target: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.tab.expect_navigation():
            target.click()

    def reads(self, words: str) -> None:
        expect(self.tab.locator("body")).to_contain_text(words)

    def has_account(self) -> None:
        get_user_model().objects.create_user(email=self.address, password=self.password)

    def is_signed_in(self) -> None:
        """They have an account and signed in a moment ago."""
        self.has_account()
        client = Client()
        client.post(reverse("ciam_sign_in"), {"email": self.address, "password": self.password})
        session = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": self.site}
        self.tab.context.add_cookies([session])  # type: ignore[list-item]  # a cookie of these three is whole

    def sign_in(self) -> None:
        self.open("ciam_sign_in")
        self.send(email=self.address, password=self.password)

    def sign_out(self) -> None:
        self.open("ciam_sign_out")
        self.click(self.main.get_by_role("button"))
        assert self.at == "ciam_sign_in"

    def ask_for_code(self) -> None:
        self.open("ciam_request_sign_in_code")
        self.send(email=self.address)
        assert self.at == "ciam_confirm_sign_in_code"

    def open_newest_link(self, address: str = "") -> None:
        self.tab.goto(newest_link(address or self.address))
