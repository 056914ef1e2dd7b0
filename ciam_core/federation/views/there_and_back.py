"""The button beside the sign-in form, and where the provider sends the browser back to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ciam_core.building.pages import Page, home_of, signed_in_recently
from ciam_core.exceptions import ProfileRefused
from ciam_core.federation.coming_back import identity_by_code, provider_called
from ciam_core.federation.errands import recall, wait_with
from ciam_core.federation.exceptions import AddressUnconfirmed, OwnershipUnproven, SignInExpired
from ciam_core.federation.flows import link_identity, sign_in_with_identity
from ciam_core.federation.identity import Identity
from ciam_core.federation.queries import provider_name
from ciam_core.federation.views.base import forward, signed_in, trouble
from ciam_core.kernel.exceptions import CiamError

ANSWER = ("code", "state", "error", "iss")
"""What is taken out of a provider's answer; a name or a picture is not."""


@method_decorator(login_not_required, name="dispatch")
class Start(Page):
    """A button beside the sign-in form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self.next_url or home_of(request.user))
        try:
            return forward(request, provider_called(provider_id), next=self.next_url)
        except CiamError as refusal:
            return trouble(request, refusal)


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Callback(Page):
    """Where the provider sends the browser back to. What proves that it set out from here is the state."""

    def post(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        """Apple posts, from its own site, so that no session comes along: ask the browser to come by itself."""
        response = redirect(f"{request.path}?{urlencode(_answer_in(request.POST))}")
        response.status_code = 303
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept: dict[str, str] = {}
        try:
            provider, answer = provider_called(kwargs["provider_id"]), _answer_in(request.GET)
            errand, kept = recall(request, provider, answer.get("state", ""))
            self._require_who_set_out(kept)
            identity = identity_by_code(provider, errand, answer, origin=self.origin)
            response = self._link(identity) if "person" in kept else self._sign_in(identity, kept)
        except CiamError as refusal:
            if "callback" in kept:
                return redirect(_with_error(kept["callback"], refusal))
            return trouble(request, refusal, inside="person" in kept)
        return redirect(kept["callback"]) if "callback" in kept else response

    def _require_who_set_out(self, kept: dict[str, str]) -> None:
        """Whoever signed in here meanwhile gets nothing linked, nor anybody who left the page open."""
        user = self.request.user
        there = user.is_authenticated and str(user.pk) == kept.get("person") and signed_in_recently(self.request)
        if "person" in kept and not there:
            raise SignInExpired()

    def _link(self, identity: Identity) -> HttpResponse:
        person: Any = self.request.user
        link_identity(person, identity, origin=self.origin)
        messages.success(self.request, _("%(name)s is linked.") % {"name": provider_name(identity.provider)})
        return redirect("ciam_linked_accounts")

    def _sign_in(self, identity: Identity, kept: dict[str, str]) -> HttpResponse:
        """Through every stage to a session, or to the page that asks for what is missing."""
        next_url = kept.get("next", "")
        try:
            user = sign_in_with_identity(identity, origin=self.origin)
        except (AddressUnconfirmed, OwnershipUnproven, ProfileRefused):
            wait_with(self.request, identity, next_url=next_url)
            if "callback" in kept:
                raise  # the page there is told, and goes on at auth/provider/signup
            return redirect("ciam_federation_continue")
        return signed_in(self.request, user, identity, next_url=next_url)


def _answer_in(query: QueryDict) -> dict[str, str]:
    """Each parameter once (RFC 6749 §3.1), without what no database holds."""
    lists = {key: query.getlist(key) for key in ANSWER}
    return {key: given[0] for key, given in lists.items() if len(given) == 1 and given[0].isprintable()}


def _with_error(url: str, refusal: CiamError) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'error': refusal.code})}"
