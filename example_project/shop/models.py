"""A small shop's own tables. People are ``settings.AUTH_USER_MODEL``; nothing here repeats what their account holds."""

import secrets
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.secrets import SealedField

UNMISTAKABLE = "23456789BCDFGHJKLMNPQRSTVWXYZ"


def new_number() -> str:
    """An order number that is easy to read aloud and tells nobody how much is sold."""
    return "".join(secrets.choice(UNMISTAKABLE) for _ in range(8))


class Product(models.Model):
    class Picture(models.TextChoices):
        BOWL = "bowl", _("Bowl")
        JUG = "jug", _("Jug")
        MUG = "mug", _("Mug")
        PLATE = "plate", _("Plate")
        TEAPOT = "teapot", _("Teapot")
        VASE = "vase", _("Vase")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    maker = models.CharField(max_length=100)
    description = models.TextField()
    price = models.DecimalField(max_digits=8, decimal_places=2, help_text=_("In euros, with tax."))
    picture = models.CharField(max_length=10, choices=Picture)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shop_product", args=[self.slug])

    @property
    def drawing(self) -> str:
        """The static file that shows it."""
        return f"shop/{self.picture}.svg"


class Order(models.Model):
    """What somebody bought, as it was on that day. ``request`` names the checkout page it came from: one order each."""

    class Status(models.TextChoices):
        PLACED = "placed", _("Being packed")
        SENT = "sent", _("On its way")
        DELIVERED = "delivered", _("Delivered")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=8, unique=True, default=new_number, editable=False)
    request = models.UUIDField(unique=True, default=uuid4, editable=False)
    placed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="orders")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    discount = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    name = models.CharField(max_length=200)
    delivery_address = models.CharField(max_length=300)

    class Meta:
        ordering = ["-placed_at"]
        indexes = [models.Index(fields=["user", "-placed_at"], name="shop_orders_of_a_person")]
        constraints = [
            models.CheckConstraint(
                name="shop_discount_within_price", condition=models.Q(discount__lte=models.F("price"))
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("shop_order", args=[self.number])

    @property
    def total(self) -> Decimal:
        return self.price - self.discount


class Voucher(models.Model):
    """A welcome: so many percent off the first order. ``order`` is the one it was used for."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="voucher")
    percent = models.PositiveSmallIntegerField(default=10)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="voucher")

    def __str__(self) -> str:
        return f"{self.percent} %"


class PayoutAddress(models.Model):
    """Where a maker's money goes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="payout_address")
    holder = models.CharField(max_length=140)
    iban = SealedField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return f"{self.iban[:2]}•• •••• {self.iban[-4:]}"


class NewsletterSubscription(models.Model):
    """Who is on the list, kept in step with the profile by ``receivers.py``."""

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("Once a month")
        WEEKLY = "weekly", _("Every week")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="newsletter")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.rhythm
