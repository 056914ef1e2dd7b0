"""The ways a customer takes, in a browser, with the mails they get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_core.kernel.models import Proof
from tests.browser.customer import ADDRESS, NEW_PASSWORD, OTHER_ADDRESS, Customer
from tests.journeys.mailbox import mail_to, newest_code, newest_link, newest_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sign_up_ends_inside_once_the_mailed_code_is_entered(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.send(email=ADDRESS, password=alice.password)
    assert alice.at == "ciam_verify_address"
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"
    alice.reads(ADDRESS)
    alice.follow("Profile")
    assert alice.at == "ciam_profile"


def test_sign_up_ends_inside_when_the_mailed_link_is_used(alice: Customer) -> None:
    alice.open("ciam_sign_up")
    alice.send(email=alice.address, password=alice.password)
    alice.open_newest_link()
    alice.press("Confirm address")
    assert alice.at == "ciam_overview"


def test_signing_in_leads_to_the_page_that_asked_for_it(alice: Customer) -> None:
    alice.has_account()
    alice.open("ciam_addresses")
    assert alice.at == "ciam_sign_in"
    alice.send(email=alice.address, password=alice.password)
    assert alice.at == "ciam_addresses"


def test_a_wrong_password_says_so_and_keeps_the_address(alice: Customer) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    alice.send(email=alice.address, password="not this one, I am afraid")
    assert alice.field("email").input_value() == ADDRESS
    assert alice.field("password").input_value() == ""
    assert alice.main.get_by_role("alert").inner_text()


def test_the_menu_signs_out(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_overview")
    alice.tab.locator(".ciam-menu summary").click()
    alice.press("Sign out")
    alice.reads("You are signed out.")
    alice.open("ciam_overview")
    assert alice.at == "ciam_sign_in"


def test_signing_in_by_a_mailed_code(alice: Customer) -> None:
    alice.has_account()
    alice.ask_for_code()
    code = newest_code(ADDRESS)
    alice.send(code=f"{code[:3]} {code[3:]}")
    assert alice.at == "ciam_overview"


def test_a_wrong_code_leaves_room_for_the_right_one(alice: Customer) -> None:
    alice.has_account()
    alice.ask_for_code()
    alice.send(code=_another(newest_code(ADDRESS)))
    assert alice.main.get_by_role("alert").inner_text()
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"


def test_another_code_can_be_sent_for_and_replaces_the_first(alice: Customer) -> None:
    alice.has_account()
    alice.ask_for_code()
    first = newest_code(ADDRESS)
    Proof.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    alice.tab.reload()
    alice.press("Send another")
    assert alice.at == "ciam_confirm_sign_in_code"
    if first != newest_code(ADDRESS):
        alice.send(code=first)
        assert alice.at == "ciam_confirm_sign_in_code"
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"


def test_a_sign_in_link_works_where_it_was_asked_for_and_only_once_pressed(alice: Customer) -> None:
    alice.has_account()
    alice.ask_for_code()
    alice.open_newest_link()
    alice.open_newest_link()
    assert alice.at == "ciam_use_link"
    assert newest_link(ADDRESS).split("/")[-2] not in alice.tab.url
    alice.click(alice.main.get_by_role("button"))
    assert alice.at == "ciam_overview"


def test_a_sign_in_link_opened_elsewhere_sends_back_and_the_code_still_works(
    alice: Customer, new_customer: Callable[..., Customer]
) -> None:
    alice.has_account()
    alice.ask_for_code()
    elsewhere = new_customer()
    elsewhere.open_newest_link()
    elsewhere.reads("Open this link where you asked for it")
    assert elsewhere.main.locator("form").count() == 0
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_overview"


def test_recovering_by_code_sets_a_new_password(alice: Customer) -> None:
    alice.has_account()
    alice.open("ciam_sign_in")
    alice.follow("Forgot your password?")
    alice.send(email=ADDRESS)
    alice.send(code=newest_code(ADDRESS), password=NEW_PASSWORD)
    assert alice.at == "ciam_overview"
    alice.sign_out()
    alice.password = NEW_PASSWORD
    alice.sign_in()
    assert alice.at == "ciam_overview"


def test_recovering_by_link_works_on_another_device(alice: Customer, new_customer: Callable[..., Customer]) -> None:
    alice.has_account()
    alice.open("ciam_recover")
    alice.send(email=ADDRESS)
    phone = new_customer(viewport={"width": 360, "height": 640})
    phone.open_newest_link()
    assert phone.at == "ciam_set_new_password"
    phone.send(password=NEW_PASSWORD)
    assert phone.at == "ciam_overview"
    assert "password" in newest_mail(ADDRESS).subject.lower()


def test_changing_the_address_tells_the_old_one_which_can_take_it_back(
    alice: Customer, new_customer: Callable[..., Customer]
) -> None:
    alice.is_signed_in()
    alice.open("ciam_change_address")
    alice.send(email=OTHER_ADDRESS)
    alice.reads("@e")
    alice.send(code=newest_code(OTHER_ADDRESS))
    assert alice.at == "ciam_addresses"
    alice.reads(OTHER_ADDRESS)

    owner = new_customer()
    owner.open_newest_link(ADDRESS)
    owner.press("Take my address back")
    assert owner.at == "ciam_recover"
    alice.open("ciam_overview")
    assert alice.at == "ciam_sign_in"
    assert get_user_model().objects.get().email == ADDRESS


def test_another_address_is_added_made_primary_and_the_first_removed(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_addresses")
    alice.send(email=OTHER_ADDRESS)
    assert alice.at == "ciam_confirm_address"
    alice.send(code=newest_code(OTHER_ADDRESS))
    alice.reads("Your address is confirmed.")
    alice.press("Make primary")
    assert alice.tab.locator("li", has_text=OTHER_ADDRESS).locator(".ciam-help").inner_text() == "Primary"
    alice.press("Remove")
    alice.reads("The address is removed.")
    assert alice.main.locator(".ciam-item").count() == 1


def test_an_address_left_unconfirmed_can_be_confirmed_later(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_addresses")
    alice.send(email=OTHER_ADDRESS)
    alice.open("ciam_addresses")
    alice.reads("Not confirmed yet")
    alice.press("Send code")
    alice.send(code=newest_code(OTHER_ADDRESS))
    assert alice.at == "ciam_addresses"
    alice.reads("Confirmed")


def test_the_profile_is_edited_one_thing_at_a_time(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_profile")
    alice.click(alice.main.locator(".ciam-row", has_text="Full name").get_by_role("link"))
    alice.send(full_name="Alice Ærø")
    alice.reads("Saved.")
    alice.reads("Alice Ærø")


def test_a_page_of_the_product_asks_for_what_it_lacks_and_goes_on(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("shop_checkout")
    assert alice.at == "ciam_complete_profile"
    alice.field("country").select_option("fr")
    alice.send(full_name="Alice Ærø")
    assert alice.at == "shop_checkout"


def test_nothing_is_chosen_for_a_person_who_has_not_chosen(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("shop_checkout")
    alice.send(full_name="Alice Ærø")
    assert alice.at == "ciam_complete_profile"
    assert alice.field("country").get_attribute("aria-invalid") == "true"
    assert alice.field("full_name").input_value() == "Alice Ærø"


def test_a_breached_password_is_replaced_before_anything_else(alice: Customer) -> None:
    alice.password = "password123"
    alice.has_account()
    alice.sign_in()
    assert alice.at == "ciam_change_password"
    alice.open("ciam_profile")
    assert alice.at == "ciam_change_password"
    alice.send(current_password="password123", new_password=NEW_PASSWORD)
    assert alice.at == "ciam_profile"
    assert mail_to(ADDRESS)


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"
