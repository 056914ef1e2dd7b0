"""A small product around the account pages: a start page, a checkout that asks for a name, help, the inbox."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from ciam_core.accounts.profile.queries import require_attributes
from ciam_core.kernel.typing import AuthenticatedRequest


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "ciam_kernel/problem.html", {"title": "Shop", "text": "Everything is sold out."})


@login_required
def checkout(request: AuthenticatedRequest) -> HttpResponse:
    require_attributes(request.user, "full_name", "country")
    return render(request, "ciam_kernel/problem.html", {"title": "Checkout", "text": "Where shall we send it?"})


urlpatterns = [
    path("", page, name="shop_home"),
    path("help/", page, name="shop_help"),
    path("checkout/", checkout, name="shop_checkout"),
    path("inbox/", include("ciam_core.messages.urls")),
    path("", include("ciam_core.urls")),
]
