"""A double click, the back button, two tabs and an expired page lose nothing and double nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from playwright.sync_api import expect

from tests.browser.customer import ADDRESS, OTHER_ADDRESS, Customer
from tests.journeys.mailbox import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slow_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.browser.slow_mail.SlowEmailBackend"


@pytest.mark.usefixtures("slow_mail")
def test_a_double_click_opens_one_account_and_sends_one_mail(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.field("email").fill(ADDRESS)
    alice.field("password").fill(alice.password)
    _press_twice(alice, "Sign up")
    assert alice.at == "ciam_verify_address"
    assert get_user_model().objects.count() == len(mail.outbox) == 1


def test_a_form_sent_again_after_going_back_opens_no_second_account(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.send(email=ADDRESS, password=alice.password)
    alice.tab.go_back()
    alice.send(email=ADDRESS, password=alice.password)
    assert get_user_model().objects.count() == 1
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"


def test_going_back_after_signing_out_shows_nothing_of_the_account(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_addresses")
    alice.reads(ADDRESS)
    alice.tab.locator(".ciam-menu summary").click()
    alice.press("Sign out")
    alice.tab.go_back()
    expect(alice.tab.locator("body")).not_to_contain_text(ADDRESS)


def test_going_back_to_the_sign_in_page_once_inside_leads_inside(alice: Customer) -> None:
    alice.has_account()
    alice.sign_in()
    alice.tab.go_back()
    alice.tab.reload()
    assert alice.at == "ciam_overview"


def test_a_form_in_a_second_tab_is_answered_in_words_after_signing_in_in_the_first(alice: Customer) -> None:
    alice.has_account()
    second = Customer(alice.tab.context.new_page(), alice.site)
    second.open("ciam_sign_in")
    alice.sign_in()
    assert alice.at == "ciam_overview"
    second.send(email=ADDRESS, password=alice.password)
    assert second.at in ("ciam_overview", "ciam_sign_in")
    assert second.main.locator("h1").inner_text()
    second.open("ciam_overview")
    assert second.at == "ciam_overview"


def test_a_page_whose_cookies_are_gone_says_what_to_do_and_works_again(alice: Customer) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    alice.tab.wait_for_load_state("networkidle")  # the passkeys' script has asked, and been given a cookie
    alice.tab.context.clear_cookies()
    alice.send(email=ADDRESS, password=alice.password)
    alice.reads("reload it, and try again")
    alice.tab.go_back()
    alice.tab.reload()
    alice.send(email=ADDRESS, password=alice.password)
    assert alice.at == "ciam_overview"


@pytest.mark.usefixtures("slow_mail")
def test_an_address_is_added_once_by_a_double_click(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_addresses")
    alice.field("email").fill(OTHER_ADDRESS)
    _press_twice(alice, "Add address")
    assert alice.at == "ciam_confirm_address"
    assert [message.to for message in mail.outbox].count([OTHER_ADDRESS]) == 1


def test_a_link_pressed_twice_signs_in_once_and_then_says_so(
    alice: Customer, new_customer: Callable[..., Customer]
) -> None:
    alice.has_account()
    alice.ask_for_code()
    alice.open_newest_link()
    second = Customer(alice.tab.context.new_page(), alice.site)
    second.open("ciam_use_link")
    alice.click(alice.main.get_by_role("button"))
    assert alice.at == "ciam_overview"
    second.click(second.main.get_by_role("button"))
    assert second.main.locator("h1").inner_text()
    assert get_user_model().objects.count() == 1


def _press_twice(customer: Customer, words: str) -> None:
    """The second time while the first is still on its way (a double click of one moment is one to Chromium)."""
    button = customer.main.get_by_role("button", name=words, exact=True)
    with customer.tab.expect_navigation():
        button.evaluate("button => { button.click(); setTimeout(() => button.click(), 200); }")
