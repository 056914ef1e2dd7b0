"""Fills the demo with things to buy and people to be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ciam_core.flows import edit_profile, register
from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.models import TotpAuthenticator
from example_project.shop.models import Order, PayoutAddress, Product, Voucher
from example_project.shop.orders import place_order

PASSWORD = "tea with honey and lemon"  # noqa: S105  # printed for everybody, and refused where DEBUG is off


@dataclass(frozen=True)
class Person:
    email: str
    who: str


ALICE = Person("alice@example.com", "has a full profile, orders and a payout address")
BEN = Person("ben@example.com", "has never ordered: checkout asks for name and address")
CARLA = Person("carla@example.com", "must replace a password that is known from a breach")
DORA = Person("dora@example.com", "has not confirmed the address: the mail is in the inbox")
ERIN_KEY = "KNUWY3BANFZSA3DBON2GKZBA"
ERIN = Person("erin@example.com", f"is asked for a second factor: type {ERIN_KEY} into an authenticator app")
SUPPORT = Person("support@example.com", "helps customers at /admin/: people are masked until there is a reason")
STAFF = Person("staff@example.com", "works here: also signs in at /admin/")


class Command(BaseCommand):
    help = "Add the demo's products and people. Run again, it adds what is missing. Refused unless DEBUG is on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("These people have a password everybody knows. seed_demo runs only with DEBUG on.")
        call_command("loaddata", "products", verbosity=0)
        seed_people()
        self.stdout.write(table())


def seed_people() -> None:
    people: Any = get_user_model()._default_manager
    if not people.filter(email=ALICE.email).exists():
        seed_alice()
    if not people.filter(email=BEN.email).exists():
        Voucher.objects.create(user=people.create_user(BEN.email, PASSWORD))
    if not people.filter(email=CARLA.email).exists():
        now = timezone.now()
        people.create_user(CARLA.email, PASSWORD, password_checked_at=now, password_breached_at=now)
    if not people.filter(email=DORA.email).exists():
        register(DORA.email, password=PASSWORD, binding="", origin=SYSTEM)
    if not people.filter(email=ERIN.email).exists():
        erin = people.create_user(ERIN.email, PASSWORD)
        TotpAuthenticator.objects.create(user=erin, name="Phone", secret=ERIN_KEY, confirmed=True)
    if not people.filter(email=STAFF.email).exists():
        people.create_superuser(STAFF.email, PASSWORD)
    if not people.filter(email=SUPPORT.email).exists():
        support = people.create_user(SUPPORT.email, PASSWORD, is_staff=True)
        seen = Permission.objects.filter(
            codename__in=("view_user", "view_auditevent"), content_type__app_label="ciam_core"
        )
        support.user_permissions.set(seen | Permission.objects.filter(content_type__app_label="ciam_admin"))


@transaction.atomic
def seed_alice() -> None:
    """Everything an account of this shop can hold."""
    user: Any = get_user_model().objects.create_user(ALICE.email, PASSWORD)
    profile = {
        "full_name": "Alice Moreau",
        "delivery_address": "12 Harbour Street, 1010 Lakeside",
        "birth_date": "1988-04-17",
        "newsletter": "monthly",
    }
    edit_profile(user, profile, editor="customer", origin=SYSTEM)
    edit_profile(user, {"customer_number": "K-20417"}, editor="staff", origin=SYSTEM)
    PayoutAddress.objects.create(user=user, holder="Alice Moreau", iban="DE89370400440532013000")
    Voucher.objects.create(user=user)
    deliver = {"name": profile["full_name"], "delivery_address": profile["delivery_address"]}
    for days_ago, slug, status in [(40, "river-vase", Order.Status.DELIVERED), (3, "morning-mug", Order.Status.SENT)]:
        order = place_order(user, Product.objects.get(slug=slug), request=uuid4(), **deliver)
        order.placed_at, order.status = timezone.now() - timedelta(days=days_ago), status
        order.save(update_fields=["placed_at", "status"])


def table() -> str:
    """Who there is to be, and where."""
    people = [ALICE, BEN, CARLA, DORA, ERIN, SUPPORT, STAFF]
    width = max(len(person.email) for person in people)
    rows = [f"  {person.email:{width}}  {person.who}" for person in people]
    address = kernel().PUBLIC_URL
    ends = [
        "",
        f'Everybody\'s password: "{PASSWORD}"',
        f"The shop: {address}/   Its mail: {address}/inbox/   To start afresh, delete the folder demo/.",
        "",
    ]
    return "\n".join(["", "Sign in as", *rows, *ends])
