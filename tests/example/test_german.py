"""The shop in German. What it sells is data: names and descriptions stay as their makers wrote them."""

import pytest
from django.urls import reverse

from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from tests.browser.test_languages import DATA, Words
from tests.mfa.people import shows, with_totp

GIVEN = {"full_name": "Alice Moreau", "delivery_address": "12 Harbour Street"}
WRITTEN_BY_PEOPLE = {*GIVEN.values(), "Alice", "Ida", "Mug", "Blue.", "Kiln", "Mug · Kiln", "IBAN"}


@pytest.fixture
def alice(alice, client):
    edit_profile(alice, GIVEN, editor="customer", origin=SYSTEM)
    app = with_totp(alice)
    client.post(reverse("ciam_sign_in"), {"email": alice.email, "password": "tea with honey and lemon"})
    client.post(reverse("ciam_challenge"), {"authenticator": f"totp-{app.pk}", "code": shows(app)})
    return alice


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("shop_home", []),
        ("shop_product", ["mug"]),
        ("shop_checkout", ["mug"]),
        ("shop_orders", []),
        ("shop_payout_address", []),
        ("shop_change_payout_address", []),
        ("ciam_profile", []),
    ],
)
def test_nothing_of_the_shop_is_left_in_english(client, alice, mug, name, given):
    english, german = (
        Words(client.get(reverse(name, args=given), headers={"Accept-Language": language}).content.decode()).said
        for language in ("en", "de")
    )
    assert {text for text in english & german - WRITTEN_BY_PEOPLE if not DATA.fullmatch(text)} == set()


def test_a_price_is_written_as_the_reader_writes_it(client, mug):
    for language, price in {"en": "€ 20.00", "de": "20,00 €"}.items():
        page = client.get(reverse("shop_product", args=[mug.slug]), headers={"Accept-Language": language})
        assert price in page.content.decode()
