"""The pages with scripts switched off."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser.customer import ADDRESS, Customer
from tests.journeys.mailbox import newest_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice(new_customer: Callable[..., Customer]) -> Customer:
    return new_customer(java_script_enabled=False)


def test_sign_up_sign_out_and_sign_in(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.send(email=ADDRESS, password=alice.password)
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"
    alice.sign_out()
    alice.sign_in()
    assert alice.at == "ciam_overview"


def test_a_double_click_opens_one_account(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.field("email").fill(ADDRESS)
    alice.field("password").fill(alice.password)
    alice.main.get_by_role("button", name="Sign up", exact=True).dblclick()
    expect(alice.tab).to_have_url(re.compile("/confirm-email/$"))  # the first of the two navigations is broken off
    assert get_user_model().objects.count() == 1


def test_the_menu_opens_and_signs_out(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_overview")
    alice.tab.locator(".ciam-menu summary").click()
    alice.press("Sign out")
    assert alice.at == "ciam_sign_in"
