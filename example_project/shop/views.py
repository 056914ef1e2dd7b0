from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciam_core.kernel.assurance import Level
from ciam_core.models import User
from ciam_core.queries import profile_of, require_attributes
from ciam_mfa.step_up.requiring import step_up
from example_project.shop.forms import CheckoutForm, PayoutForm
from example_project.shop.models import Order, PayoutAddress, Product, Voucher
from example_project.shop.orders import discount_for, place_order
from example_project.shop.payouts import SURE_FOR, set_payout_address


class CustomerRequest(HttpRequest):
    """A request behind sign-in."""

    user: User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"products": Product.objects.order_by("pk"), "voucher": _voucher_of(request)}
    return render(request, "shop/home.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    context = {"product": get_object_or_404(Product, slug=slug), "voucher": _voucher_of(request)}
    return render(request, "shop/product.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: CustomerRequest, slug: str) -> HttpResponse:
    """Ask for a name and an address now, when there is a parcel to send, and not a moment earlier."""
    product = get_object_or_404(Product, slug=slug)
    require_attributes(request.user, "full_name", "delivery_address")
    profile = profile_of(request.user, reader="customer")
    form = CheckoutForm(request.POST or None, initial={"request": uuid4()})
    if form.is_valid():
        order = place_order(
            request.user,
            product,
            name=profile["full_name"],
            delivery_address=profile["delivery_address"],
            request=form.cleaned_data["request"],
        )
        messages.success(request, _("Thank you. Your order is with us."))
        return redirect(order)
    context = {"product": product, "profile": profile, "form": form, **_sum(request, product)}
    return render(request, "shop/checkout.html", context)


@login_required
@require_safe
def orders(request: CustomerRequest) -> HttpResponse:
    mine = Order.objects.filter(user=request.user).select_related("product")
    return render(request, "shop/orders.html", {"orders": mine})


@login_required
@require_safe
def order(request: CustomerRequest, number: str) -> HttpResponse:
    mine = Order.objects.filter(user=request.user).select_related("product")
    return render(request, "shop/order.html", {"order": get_object_or_404(mine, number=number)})


@login_required
@require_safe
def payout_address(request: CustomerRequest) -> HttpResponse:
    present = PayoutAddress.objects.filter(user=request.user).first()
    return render(request, "shop/payout_address.html", {"present": present})


@step_up(Level.AAL2, max_age=SURE_FOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change_payout_address(request: CustomerRequest) -> HttpResponse:
    form = PayoutForm(request.POST or None)
    if form.is_valid():
        set_payout_address(request.user, **form.cleaned_data)
        messages.success(request, _("From now on your money goes to this account."))
        return redirect("shop_payout_address")
    return render(request, "shop/change_payout_address.html", {"form": form})


def _sum(request: CustomerRequest, product: Product) -> dict[str, Any]:
    discount = discount_for(request.user, product.price)
    return {"discount": discount, "total": product.price - discount}


def _voucher_of(request: HttpRequest) -> Voucher | None:
    if not request.user.is_authenticated:
        return None
    return Voucher.objects.filter(user=request.user, order=None).first()
