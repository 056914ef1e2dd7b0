"""The addresses of somebody signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ciam_core.accounts.awaiting import NEW_ADDRESS, await_proof, awaited, awaited_id, confirm_new_address
from ciam_core.accounts.flows.addresses import (
    add_address,
    change_address,
    make_primary,
    remove_address,
    resend_verification,
)
from ciam_core.accounts.forms import AddressForm, CodeForm
from ciam_core.accounts.phones.queries import opens_by_number
from ciam_core.accounts.queries import addresses_of
from ciam_core.accounts.views.base import InsideFormPage, InsidePage, RecentSignInRequired, sent
from ciam_core.kernel.exceptions import CiamError, ThrottledError
from ciam_core.kernel.models import Proof


class Addresses(InsidePage):
    template_name = "ciam_core/accounts/addresses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {"id": row.pk, "email": row.email, "primary": row.primary, "verified": row.verified}
            for row in addresses_of(self.person)
        ]
        shown = {
            "addresses": rows,
            "last_may_go": len(rows) == 1 and opens_by_number(self.person),
            "add_form": AddressForm(),
        }
        return super().get_context_data(**{**shown, **kwargs})


class AddAddress(RecentSignInRequired, InsideFormPage):
    """Posted to by the form on the list; shows the list again with what was wrong."""

    back = "ciam_addresses"
    form_class = AddressForm
    template_name = "ciam_core/accounts/addresses.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("ciam_addresses")

    def act(self, form: AddressForm) -> HttpResponse:
        proof = add_address(self.person, form.cleaned_data["email"], **self.asked)
        return _await(self.request, proof)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Addresses(request=self.request)
        return page.get_context_data(add_form=kwargs.get("form", AddressForm()))


class ChangeAddress(RecentSignInRequired, InsideFormPage):
    back = "ciam_change_address"
    form_class = AddressForm
    template_name = "ciam_core/accounts/change_address.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.person.email else redirect("ciam_addresses")

    def act(self, form: AddressForm) -> HttpResponse:
        proof = change_address(self.person, form.cleaned_data["email"], **self.asked)
        return _await(self.request, proof)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(current=self.person.email, **kwargs)


class ConfirmAddress(InsideFormPage):
    """Where the code that went to a new address is entered."""

    form_class = CodeForm
    template_name = "ciam_core/accounts/confirm_address_code.html"

    @property
    def proof_id(self) -> str:
        return awaited_id(self.request, NEW_ADDRESS)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.proof_id else redirect("ciam_addresses")

    def act(self, form: CodeForm) -> HttpResponse:
        confirm_new_address(self.request, form.cleaned_data["code"])
        messages.success(self.request, _("Your address is confirmed."))
        return redirect("ciam_addresses")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**sent(self.proof_id, resend_url=reverse("ciam_resend_address_code")), **kwargs)


class AddressAction(RecentSignInRequired, InsidePage):
    """One button beside one address: posted, done, told."""

    http_method_names = ["post"]
    back = "ciam_addresses"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.act(kwargs["address_id"])
        except ThrottledError:
            raise
        except CiamError as refusal:
            messages.error(request, str(refusal))
            return redirect("ciam_addresses")

    def act(self, address_id: int) -> HttpResponse:
        raise NotImplementedError  # pragma: no cover  # every button has its own


class RemoveAddress(AddressAction):
    def act(self, address_id: int) -> HttpResponse:
        remove_address(self.person, address_id, origin=self.origin)
        messages.success(self.request, _("The address is removed."))
        return redirect("ciam_addresses")


class MakePrimary(AddressAction):
    def act(self, address_id: int) -> HttpResponse:
        make_primary(self.person, address_id, origin=self.origin)
        messages.success(self.request, _("Your mail goes to this address from now on."))
        return redirect("ciam_addresses")


class VerifyAddedAddress(AddressAction):
    def act(self, address_id: int) -> HttpResponse:
        return _await(
            self.request,
            resend_verification(self.person, address_id, **self.asked),
        )


class ResendAddressCode(RecentSignInRequired, InsidePage):
    http_method_names = ["post"]
    back = "ciam_addresses"

    def post(self, request: HttpRequest) -> HttpResponse:
        earlier = awaited(request, NEW_ADDRESS)
        if earlier is None:
            return redirect("ciam_addresses")
        if earlier.purpose == "change_address":
            return _await(
                request,
                change_address(self.person, earlier.address, **self.asked),
            )
        row = addresses_of(self.person).filter(email=earlier.address, verified=False).first()
        if row is None:
            return redirect("ciam_addresses")
        return _await(request, resend_verification(self.person, row.pk, **self.asked))


def _await(request: HttpRequest, proof: Proof) -> HttpResponse:
    await_proof(request, NEW_ADDRESS, proof)
    return redirect("ciam_confirm_address")
