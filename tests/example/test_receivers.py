"""What the shop does when an account tells it something."""

import pytest

from ciam_core.flows import edit_profile, register, verify_address
from ciam_core.kernel.origin import SYSTEM
from example_project.shop.models import NewsletterSubscription, Voucher

pytestmark = pytest.mark.django_db


def test_who_proves_an_address_is_welcomed_once(django_capture_on_commit_callbacks):
    registration = register("alice@example.com", password="tea with honey and lemon", binding="", origin=SYSTEM)
    assert not Voucher.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        alice = verify_address(registration.proof, origin=SYSTEM)

    assert Voucher.objects.get().user == alice


def test_the_newsletter_follows_the_profile(alice, django_capture_on_commit_callbacks):
    for rhythm in ("weekly", "monthly"):
        with django_capture_on_commit_callbacks(execute=True):
            edit_profile(alice, {"newsletter": rhythm}, editor="customer", origin=SYSTEM)
        assert NewsletterSubscription.objects.get(user=alice).rhythm == rhythm

    with django_capture_on_commit_callbacks(execute=True):
        edit_profile(alice, {"newsletter": None}, editor="customer", origin=SYSTEM)
    assert not NewsletterSubscription.objects.exists()
