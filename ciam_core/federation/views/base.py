"""Out to a provider, what to say when that fails, and how one comes in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ciam_core.building.pages import enter
from ciam_core.federation.errands import remember, stop_waiting
from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider
from ciam_core.federation.relying_party.code_flow import Errand, authorization_url
from ciam_core.kernel.exceptions import CiamError, ThrottledError


def forward(request: HttpRequest, provider: Provider, **beside: str) -> HttpResponse:
    """A page that leads to the provider: a redirect would answer a form, which ``form-action`` keeps on this site."""
    errand = Errand()
    url = authorization_url(provider, errand)
    remember(request, provider, errand, **beside)
    return render(request, "ciam_federation/forward.html", {"url": url, "name": provider.name})


def trouble(request: HttpRequest, refusal: CiamError, *, inside: bool = False) -> HttpResponse:
    """What went wrong with another account, and what to do now."""
    start = "ciam_linked_accounts" if inside and request.user.is_authenticated else "ciam_sign_in"
    context = {"text": str(refusal), "next_url": reverse(start), "inside": start == "ciam_linked_accounts"}
    response = render(request, "ciam_federation/trouble.html", context, status=refusal.status)
    if isinstance(refusal, ThrottledError):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def signed_in(request: HttpRequest, user: Any, identity: Identity, *, next_url: str) -> HttpResponse:
    """Through every stage to a session."""
    stop_waiting(request)
    noted = {"provider": identity.provider}
    return enter(request, user, method="socialaccount", address=user.email or "", next_url=next_url, **noted)


def mark_of(provider: Provider | None) -> str:
    """The template of the picture beside a name."""
    return f"ciam_federation/marks/{provider.mark if provider else 'other'}.html"
