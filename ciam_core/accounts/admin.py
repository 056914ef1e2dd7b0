"""The admin's ways around the flows, closed."""

from typing import Any

from allauth.account import admin as registered_by_allauth  # imported for what it registers: before us, whatever order
from allauth.account.models import EmailAddress
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

__all__ = ["close_side_doors", "registered_by_allauth"]


def close_side_doors(site: AdminSite) -> None:
    """Keep ``site`` from proving addresses and from trying passwords out. Call it for a site of your own, too.

    A row of ``EmailAddress`` edited there would be a proof nobody gave, told to nobody. The admin's own page for a
    change of password asks for the present one as often as somebody likes, and ends no other session.
    """
    if site.is_registered(EmailAddress):
        site.unregister(EmailAddress)
    site.password_change = _our_password_page  # type: ignore[method-assign,assignment]  # the only hook there is


def _our_password_page(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return redirect("ciam_change_password")
