"""Authenticator apps, texts and recovery codes in a real browser: set up, signed in with, lost and replaced."""

import base64
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.browser.customer import Customer
from tests.mfa.people import newest_code, shows, with_number, with_recovery_codes, wrong

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def half_a_minute_on(app: TotpAuthenticator) -> str:
    """What the app shows next: the code that was used is worth nothing any more."""
    TotpAuthenticator.objects.filter(pk=app.pk).update(last_step=-1)
    return str(shows(app))


def kinds() -> list[str]:
    return [own.factor.name for own in authenticators_of(get_user_model().objects.get())]


def set_up_app(alice: Customer) -> TotpAuthenticator:
    """The three steps, from the page of all factors; the key is read from the page, as somebody would type it."""
    section = alice.main.locator("section", has=alice.tab.get_by_role("heading", name="Authenticator app"))
    alice.click(section.get_by_role("link"))
    alice.press("I have an app")
    alice.tab.get_by_text("I cannot scan it").click()
    key = alice.main.locator("code").inner_text().replace(" ", "")
    base64.b32decode(key)
    app: TotpAuthenticator = TotpAuthenticator.objects.get(confirmed=False)
    assert key == app.secret
    expect(alice.main.get_by_role("img", name="QR code")).to_be_visible()
    alice.send(code=wrong(app))
    alice.reads("That code is not right")
    alice.send(code=shows(app))
    return app


def test_an_app_is_set_up_its_codes_are_kept_and_it_signs_in(alice: Customer, tmp_path: Path) -> None:
    alice.is_signed_in()
    alice.open("ciam_security")
    alice.open("ciam_factors")
    app = set_up_app(alice)
    assert alice.at == "ciam_keep_recovery_codes"
    alice.press("Show my recovery codes")
    codes = alice.main.locator("code").all_inner_texts()
    with alice.tab.expect_download() as download:
        alice.main.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert all(code in (tmp_path / "codes.txt").read_text() for code in codes)
    expect(alice.main.get_by_role("button", name="Print")).to_be_visible()
    alice.press("I have saved them")
    assert kinds() == ["totp", "recovery_codes"]

    alice.sign_out()
    alice.sign_in()
    assert alice.at == "ciam_challenge"
    alice.send(code=half_a_minute_on(app))
    assert alice.at == "ciam_overview"


def test_who_loses_the_phone_comes_in_by_a_code_and_puts_another_in_its_place(alice: Customer) -> None:
    alice.has_account()
    codes = with_recovery_codes(get_user_model().objects.get())
    lost = TotpAuthenticator.objects.get()
    alice.sign_in()
    alice.follow("Recovery codes")
    alice.send(code=codes[0].upper().replace("-", " "))
    assert alice.at == "ciam_overview"

    alice.open("ciam_factors")
    apps = alice.main.locator("section", has=alice.tab.get_by_role("heading", name="Authenticator app"))
    alice.click(apps.get_by_role("link", name="Manage"))
    alice.follow("Remove")
    alice.press("Remove")
    assert kinds() == []
    new = set_up_app(alice)
    alice.press("Show my recovery codes")
    alice.press("I have saved them")

    alice.sign_out()
    alice.sign_in()
    alice.send(code=shows(lost))
    alice.reads("That code is not right")
    alice.send(code=half_a_minute_on(new))
    assert alice.at == "ciam_overview"


def test_a_number_is_set_up_and_signs_in(alice: Customer) -> None:
    alice.is_signed_in()
    alice.open("ciam_add_number")
    alice.send(phone="+447911123456")
    assert alice.at == "ciam_confirm_number"
    alice.send(code=newest_code())
    assert alice.at == "ciam_keep_recovery_codes"
    assert kinds() == ["text_message"]


def test_a_code_by_text_is_asked_for_and_signs_in(alice: Customer) -> None:
    alice.has_account()
    with_number(get_user_model().objects.get())
    alice.sign_in()
    assert alice.at == "ciam_challenge"
    alice.press("Text me a code")
    alice.send(code=newest_code())
    assert alice.at == "ciam_overview"


def test_wrong_codes_make_somebody_wait_and_another_way_is_in_reach(alice: Customer) -> None:
    alice.has_account()
    codes = with_recovery_codes(get_user_model().objects.get())
    app = TotpAuthenticator.objects.get()
    alice.sign_in()
    for _ in range(5):
        alice.send(code=wrong(app))
    alice.send(code=wrong(app))
    alice.reads("Too many")
    alice.follow("Recovery codes")
    alice.send(code=codes[0])
    assert alice.at == "ciam_overview"


def test_the_challenge_needs_no_mouse(alice: Customer) -> None:
    alice.has_account()
    codes = with_recovery_codes(get_user_model().objects.get())
    alice.sign_in()
    expect(alice.field("code")).to_be_focused()
    keys = alice.tab.keyboard
    for _ in range(20):
        keys.press("Tab")
        if alice.tab.evaluate("document.activeElement.textContent").strip() == "Recovery codes":
            break
    with alice.tab.expect_navigation():
        keys.press("Enter")
    expect(alice.field("code")).to_be_focused()
    keys.type(codes[0])
    with alice.tab.expect_navigation():
        keys.press("Enter")
    assert alice.at == "ciam_overview"
