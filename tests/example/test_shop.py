"""What a customer of the example does, over HTTP."""

from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from example_project.shop.models import Order, PayoutAddress, Voucher
from tests.core.accounts.doors import App, Pages
from tests.mfa.challenge.ways import answer
from tests.mfa.people import shows, with_totp

GIVEN = {"full_name": "Alice Moreau", "delivery_address": "12 Harbour Street"}
CHANGE = "/payout-address/change/"
IBAN = "DE89370400440532013000"  # the example of ISO 13616's register

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(alice):
    """Alice, who has told what a parcel needs."""
    edit_profile(alice, GIVEN, editor="customer", origin=SYSTEM)
    return alice


@pytest.mark.parametrize("name", ["shop_orders", "shop_payout_address", "shop_change_payout_address"])
def test_what_is_personal_is_behind_sign_in(client, name):
    page = client.get(reverse(name))

    assert page.url == f"{reverse('ciam_sign_in')}?{urlencode({'next': reverse(name)}, safe='/')}"


def test_checkout_asks_for_what_it_needs_and_returns(client, alice, mug):
    client.force_login(alice)
    checkout = reverse("shop_checkout", args=[mug.slug])

    asked = client.get(checkout)
    assert asked.url.startswith(reverse("ciam_complete_profile"))
    assert list(client.get(asked.url).context["form"].fields) == list(GIVEN)

    answered = client.post(asked.url, {**GIVEN, "next": checkout})
    assert answered.url == checkout
    assert "12 Harbour Street" in client.get(checkout).content.decode()


def test_a_double_click_is_one_order_and_spends_the_voucher_once(client, known, mug):
    Voucher.objects.create(user=known, percent=10)
    client.force_login(known)
    checkout = reverse("shop_checkout", args=[mug.slug])
    token = client.get(checkout).context["form"]["request"].value()

    first, second = (client.post(checkout, {"request": token}) for _ in range(2))

    assert first.url == second.url == Order.objects.get().get_absolute_url()
    assert Order.objects.get().total == Decimal("18.00")


def test_mallory_does_not_see_what_alice_bought(client, known, mallory, mug):
    client.force_login(known)
    bought = client.post(reverse("shop_checkout", args=[mug.slug]), {"request": "0b6f2b50-3f0d-4f9b-9a3e-0d6a2c1f7e11"})
    assert client.get(bought.url).status_code == 200

    client.force_login(mallory)
    assert client.get(bought.url).status_code == 404
    assert "12 Harbour Street" not in client.get(reverse("shop_orders")).content.decode()


TYPED = {"holder": "Alice", "iban": "de89 3704 0044 0532 0130 00"}


@pytest.fixture
def later(time_machine):
    """So many seconds on."""
    time_machine.move_to(timezone.now())
    return time_machine.shift


@pytest.fixture
def app(alice):
    """Alice has an authenticator app."""
    return with_totp(alice)


@pytest.fixture
def maker(alice, app):
    """Her browser, signed in with both factors."""
    maker = Pages()
    maker.sign_in(alice.email, "tea with honey and lemon")
    answer(maker, f"totp-{app.pk}", shows(app))
    return maker


def test_a_payout_address_is_sealed_in_the_database_and_masked_on_the_page(maker, alice):
    maker.post(CHANGE, TYPED)

    assert PayoutAddress.objects.get(user=alice).iban == IBAN
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM shop_payoutaddress")
        assert IBAN not in cursor.fetchone()[0]
    page = maker.get(reverse("shop_payout_address")).content.decode()
    assert "DE•• •••• 3000" in page
    assert IBAN not in page


@pytest.mark.parametrize("iban", ["DE89370400440532013001", "DE89", "89DE370400440532013000", "DE٨٩370400440532013000"])
def test_a_mistyped_iban_is_named_beside_its_field(maker, iban):
    page = maker.post(CHANGE, {"holder": "Alice", "iban": iban})

    assert page.context["form"].errors.keys() == {"iban"}
    assert not PayoutAddress.objects.exists()


def test_who_signed_in_six_minutes_ago_shows_the_second_factor_again_and_types_once(maker, app, later):
    later(360)
    asked = maker.post(CHANGE, TYPED)
    assert not PayoutAddress.objects.exists()

    back = maker.post(asked.url, {"authenticator": f"totp-{app.pk}", "code": shows(app), "next": CHANGE})
    assert back.url == CHANGE
    assert maker.get(back.url).url == reverse("shop_payout_address")
    assert PayoutAddress.objects.get().iban == IBAN


def test_who_has_no_second_factor_adds_one_first(client, alice):
    client.force_login(alice)

    assert client.post(CHANGE, TYPED).url == reverse("ciam_factors")
    assert not PayoutAddress.objects.exists()


def test_an_app_is_told_what_is_asked_for(alice, app, later):
    phone = App()
    phone.sign_in(alice.email, "tea with honey and lemon")
    answer(phone, f"totp-{app.pk}", shows(app))
    later(360)
    change = partial(phone.put, reverse("shop_api_payout_address"), TYPED, content_type="application/json")

    told = change().json()
    assert (told["code"], told["level"], told["max_age"]) == ("step_up_required", "aal2", 300)
    given = {"authenticator": f"totp-{app.pk}", "code": shows(app)}
    assert phone.post(reverse("ciam_api_step_up"), given, content_type="application/json").status_code == 200
    assert change().json() == {"holder": "Alice", "masked": "DE•• •••• 3000"}
    assert PayoutAddress.objects.get().iban == IBAN


def test_the_pages_of_the_account_wear_the_shops_theme(client):
    page = client.get(reverse("ciam_sign_in")).content.decode()

    assert page.index("ciam_kernel/tokens.css") < page.index("shop/theme.css") < page.index("ciam_kernel/ciam.css")
    assert "shop/mark.svg" in page


def test_staff_sign_in_at_the_stock_admin(client, people):
    people.create_superuser("staff@example.com", "tea with honey and lemon")
    home = client.post(
        reverse("admin:login"),
        {"username": "staff@example.com", "password": "tea with honey and lemon", "next": reverse("admin:index")},
    )

    assert home.url == reverse("admin:index")
    assert client.get(home.url).status_code == 200
