"""Buying something."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from example_project.shop.models import Order, Product, Voucher

CENT = Decimal("0.01")


@transaction.atomic
def place_order(user: Any, product: Product, *, name: str, delivery_address: str, request: UUID) -> Order:
    """Buy ``product``. Asked twice with the same ``request`` (a double click), it is one order."""
    order, is_new = Order.objects.get_or_create(
        user=user,
        request=request,
        defaults={
            "placed_at": timezone.now(),
            "product": product,
            "price": product.price,
            "name": name,
            "delivery_address": delivery_address,
        },
    )
    if is_new:
        _use_voucher(order)
    return order


def discount_for(user: Any, price: Decimal) -> Decimal:
    """What comes off ``price`` for ``user``, who may have a voucher left."""
    voucher = Voucher.objects.filter(user=user, order=None).first()
    return _share(price, voucher) if voucher else Decimal(0)


def _use_voucher(order: Order) -> None:
    unused = Voucher.objects.filter(user=order.user, order=None)
    voucher = unused.first()
    if voucher and unused.update(order=order):
        order.discount = _share(order.price, voucher)
        order.save(update_fields=["discount"])


def _share(price: Decimal, voucher: Voucher) -> Decimal:
    return (price * voucher.percent / 100).quantize(CENT, ROUND_HALF_UP)
