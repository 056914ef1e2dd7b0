"""An action of the admin with ``step_up`` above it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from example_project.shop.models import Product
from tests.mfa.people import shows
from tests.mfa.step_up.test_step_up import confirm, sign_in

pytestmark = [pytest.mark.urls("tests.mfa.step_up.urls"), pytest.mark.django_db]
LIST = "/shop-admin/shop/product/?q="


@pytest.fixture
def mug(db):
    return Product.objects.create(slug="mug", name="Mug", maker="Ida", description="", price=20, picture="mug")


@pytest.fixture
def staff(pages, alice, phone, noon):
    """Alice works here, and signed in with both factors six minutes ago."""
    type(alice).objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in(pages, phone, noon)


def retire(staff, mug):
    return staff.post(LIST, {"action": "retire", "_selected_action": [mug.pk], "index": 0})


def maker():
    return Product.objects.get().maker


def test_it_waits_for_the_answer_and_goes_on_by_itself(staff, mug, phone):
    asked = retire(staff, mug)
    assert maker() == "Ida"
    back = confirm(staff, phone, asked).url
    assert back == LIST
    staff.get(back)
    assert maker() == "nobody"


def test_it_runs_once(staff, mug, phone):
    back = confirm(staff, phone, retire(staff, mug)).url
    staff.get(back)
    Product.objects.update(maker="Ida")
    assert staff.get(back).status_code == 200
    assert maker() == "Ida"


def test_who_walks_away_from_the_question_has_done_nothing_and_sees_the_list(staff, mug):
    retire(staff, mug)
    assert staff.get(LIST).status_code == 200
    assert maker() == "Ida"


def test_who_has_just_shown_both_is_not_asked(staff, mug, phone, noon):
    staff.post(reverse("ciam_step_up"), {"authenticator": f"totp-{phone.pk}", "code": shows(phone)})
    noon.shift(timedelta(minutes=1))
    retire(staff, mug)
    assert maker() == "nobody"
