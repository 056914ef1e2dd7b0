"""Each journey with a keyboard alone: Tab, typing and Enter; the focus is always seen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.customer import ADDRESS, NEW_PASSWORD, OTHER_ADDRESS, Customer
from tests.journeys.mailbox import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOK = """() => {
    const held = document.activeElement;
    const style = getComputedStyle(held);
    const box = held.getBoundingClientRect();
    return {
        name: held.name || held.getAttribute("href") || held.innerText.trim(),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}"""
FARTHEST = 30


class Keyboard:
    """A customer without a mouse."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.keys = customer.tab.keyboard

    def reach(self, name: str) -> None:
        """Tab until what is called ``name`` (a field's name, a link's target, a button's words) has the focus."""
        for _ in range(FARTHEST):
            held = self.customer.tab.evaluate(LOOK)
            if held["name"] == name:
                assert held["ring"], f"nobody sees that {name} has the focus"
                assert held["inside"], f"{name} has the focus out of sight"
                return
            self.keys.press("Tab")
        raise AssertionError(f"{name} cannot be reached")

    def fill(self, **typed: str) -> None:
        for name, value in typed.items():
            self.reach(name)
            self.keys.type(value)

    def enter(self) -> None:
        with self.customer.tab.expect_navigation():
            self.keys.press("Enter")

    def follow(self, url_name: str) -> None:
        self.reach(reverse(url_name))
        self.enter()

    def press(self, words: str) -> None:
        self.reach(words)
        self.enter()


@pytest.fixture
def keyboard(alice: Customer) -> Keyboard:
    return Keyboard(alice)


def test_signing_up(alice: Customer, keyboard: Keyboard) -> None:
    alice.open("ciam_sign_in")
    keyboard.follow("ciam_sign_up")
    keyboard.fill(email=ADDRESS, password=alice.password)
    keyboard.enter()
    keyboard.fill(code=newest_code(ADDRESS))
    keyboard.enter()
    assert alice.at == "ciam_overview"


def test_signing_in_and_out(alice: Customer, keyboard: Keyboard) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    keyboard.fill(email=ADDRESS, password=alice.password)
    keyboard.press("Sign in")
    assert alice.at == "ciam_overview"
    keyboard.reach(alice.tab.locator(".ciam-menu summary").inner_text())
    keyboard.keys.press("Enter")
    keyboard.press("Sign out")
    assert alice.at == "ciam_sign_in"


def test_signing_in_by_code(alice: Customer, keyboard: Keyboard) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    keyboard.follow("ciam_request_sign_in_code")
    keyboard.fill(email=ADDRESS)
    keyboard.enter()
    keyboard.fill(code=newest_code(ADDRESS))
    keyboard.enter()
    assert alice.at == "ciam_overview"


def test_recovering(alice: Customer, keyboard: Keyboard) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    keyboard.follow("ciam_recover")
    keyboard.fill(email=ADDRESS)
    keyboard.enter()
    keyboard.fill(code=newest_code(ADDRESS), password=NEW_PASSWORD)
    keyboard.enter()
    assert alice.at == "ciam_overview"


def test_adding_an_address(alice: Customer, keyboard: Keyboard) -> None:
    alice.is_signed_in()
    alice.open("ciam_overview")
    keyboard.follow("ciam_addresses")
    keyboard.fill(email=OTHER_ADDRESS)
    keyboard.enter()
    keyboard.fill(code=newest_code(OTHER_ADDRESS))
    keyboard.enter()
    keyboard.press("Make primary")
    alice.reads("Your mail goes to this address from now on.")


def test_editing_the_profile_and_the_password(alice: Customer, keyboard: Keyboard) -> None:
    alice.is_signed_in()
    alice.open("ciam_edit_attribute", "country")
    keyboard.fill(country="Fra")
    keyboard.press("Save profile")
    alice.reads("France")
    keyboard.follow("ciam_security")
    keyboard.follow("ciam_change_password")
    keyboard.fill(current_password=alice.password, new_password=NEW_PASSWORD)
    keyboard.enter()
    alice.reads("Your password is changed.")


def test_the_cursor_is_in_the_first_wrong_field_after_an_error(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.send(email=ADDRESS, password="short")
    expect(alice.field("password")).to_be_focused()
    alice.send(email="alice@", password=alice.password)
    expect(alice.field("email")).to_be_focused()


def test_the_first_stop_leads_past_the_navigation(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_addresses")
    alice.tab.keyboard.press("Tab")
    alice.tab.keyboard.press("Enter")
    expect(alice.main).to_be_focused()
    alice.tab.keyboard.press("Tab")
    assert alice.main.locator(":focus").count() == 1
