"""After the first time at a provider, where that does not open an account by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ciam_core.building.flows import has_proven_address, mask_address, normalise_address, person_at
from ciam_core.building.pages import InsidePage, OutsidePage, RecentSignInRequired, home_of, sign_up
from ciam_core.federation.errands import stop_waiting, waiting
from ciam_core.federation.exceptions import NothingPending
from ciam_core.federation.flows import link_identity, sign_in_with_identity
from ciam_core.federation.forms import OpenAccountForm
from ciam_core.federation.identity import Identity
from ciam_core.federation.queries import provider_name
from ciam_core.federation.views.base import signed_in
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.http import safe_redirect


class Continue(OutsidePage):
    """After the first time at a provider, where that does not open an account by itself."""

    template_name = "ciam_federation/continue.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect("ciam_federation_finish")
        try:
            self.identity, self.onward_url = waiting(request)
        except NothingPending:
            return redirect("ciam_sign_in")
        return super().dispatch(request, *args, **kwargs)

    @property
    def proven_address(self) -> str:
        return normalise_address(self.identity.address) if self.identity.proven else ""

    @property
    def has_account(self) -> bool:
        """Told to nobody but somebody whose address is proven (EN6)."""
        owner = person_at(self.proven_address) if self.proven_address else None
        return owner is not None and has_proven_address(owner)

    def get_form(self, form_class: Any = None) -> OpenAccountForm:
        initial = {"email": self.identity.address}
        return OpenAccountForm(self.request.POST or None, address=self.proven_address, initial=initial)

    def act(self, form: OpenAccountForm) -> HttpResponse:
        if self.proven_address:
            user = sign_in_with_identity(self.identity, profile=form.profile, origin=self.origin)
            return signed_in(self.request, user, self.identity, next_url=self.onward_url)
        finish = reverse("ciam_federation_finish")
        return sign_up(self.request, form.cleaned_data["email"], password=None, profile=form.profile, next_url=finish)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finish = urlencode({"next": reverse("ciam_federation_finish")})
        return super().get_context_data(
            name=provider_name(self.identity.provider),
            has_account=self.has_account,
            address=self.proven_address,
            sign_in_url=f"{reverse('ciam_sign_in')}?{finish}",
            code_url=f"{reverse('ciam_request_sign_in_code')}?{finish}",
            **kwargs,
        )


class Finish(RecentSignInRequired, InsidePage):
    """Signed in, with an identity that waits: link it, or not."""

    template_name = "ciam_federation/finish.html"
    back = "ciam_federation_finish"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            try:
                self.identity, self.onward_url = waiting(request)
            except NothingPending:
                return redirect("ciam_linked_accounts")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        stop_waiting(request)
        if "link" in request.POST:
            try:
                link_identity(self.person, self.identity, origin=self.origin)
            except CiamError as refusal:
                messages.error(request, str(refusal))
                return redirect("ciam_linked_accounts")
            messages.success(request, _("%(name)s is linked.") % {"name": provider_name(self.identity.provider)})
        return redirect(safe_redirect(request, self.onward_url, "") or home_of(self.person))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"name": provider_name(self.identity.provider), "address": _masked(self.identity)}
        return super().get_context_data(email=self.person.email, **shown, **kwargs)


def _masked(identity: Identity) -> str:
    return mask_address(identity.address) if identity.address else ""
