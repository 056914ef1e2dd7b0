"""The phone numbers of somebody signed in, and asking for a texted sign-in code. Not there while ``PHONES`` is off."""

from typing import Any, ClassVar, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ciam_core.accounts.awaiting import NEW_PHONE, await_proof, awaited, awaited_id, confirm_new_phone
from ciam_core.accounts.entering import await_sign_in_code
from ciam_core.accounts.forms import CodeForm
from ciam_core.accounts.phones.flows import (
    add_phone,
    make_primary_phone,
    remove_phone,
    request_sms_sign_in,
    resend_phone_code,
)
from ciam_core.accounts.phones.forms import PhoneForm
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.views.base import InsideFormPage, InsidePage, OutsidePage, Page, RecentSignInRequired, sent
from ciam_core.kernel.exceptions import CiamError, NotFoundError, ThrottledError
from ciam_core.kernel.models import Proof
from ciam_core.settings import conf


class PhonePage(Page):
    needs: ClassVar[Literal["add", "sign_in", "sign_up"]] = "add"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not conf().phones_may(self.needs):
            raise NotFoundError()
        return super().dispatch(request, *args, **kwargs)


class RequestSmsCode(PhonePage, OutsidePage):
    needs = "sign_in"
    template_name = "ciam_core/phones/request_sms_code.html"
    form_class = PhoneForm

    def act(self, form: PhoneForm) -> HttpResponse:
        proof = request_sms_sign_in(form.cleaned_data["phone"], **self.asked)
        return await_sign_in_code(self.request, proof, next_url=self.next_url)


class Phones(PhonePage, InsidePage):
    template_name = "ciam_core/phones/phones.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = {"phones": phones_of(self.person), "signs_in": conf().phones_may("sign_in")}
        return super().get_context_data(**{**held, "add_form": PhoneForm(), **kwargs})


class AddPhone(PhonePage, RecentSignInRequired, InsideFormPage):
    """Posted to by the form on the list; shows the list again with what was wrong."""

    back = "ciam_phones"
    form_class = PhoneForm
    template_name = "ciam_core/phones/phones.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("ciam_phones")

    def act(self, form: PhoneForm) -> HttpResponse:
        return _await(self.request, add_phone(self.person, form.cleaned_data["phone"], **self.asked))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return Phones(request=self.request).get_context_data(add_form=kwargs.get("form", PhoneForm()))


class ConfirmPhone(PhonePage, InsideFormPage):
    """Where the code that went to a new number is entered."""

    form_class = CodeForm
    template_name = "ciam_core/phones/confirm_phone.html"

    @property
    def proof_id(self) -> str:
        return awaited_id(self.request, NEW_PHONE)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.proof_id else redirect("ciam_phones")

    def act(self, form: CodeForm) -> HttpResponse:
        confirm_new_phone(self.request, form.cleaned_data["code"])
        messages.success(self.request, _("Your number is confirmed."))
        return redirect("ciam_phones")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**sent(self.proof_id, resend_url=reverse("ciam_resend_phone_code")), **kwargs)


class PhoneAction(PhonePage, RecentSignInRequired, InsidePage):
    """One button beside one number: posted, done, told."""

    http_method_names = ["post"]
    back = "ciam_phones"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.act(kwargs["phone_id"])
        except ThrottledError:
            raise
        except CiamError as refusal:
            messages.error(request, str(refusal))
            return redirect("ciam_phones")

    def act(self, phone_id: int) -> HttpResponse:
        raise NotImplementedError  # pragma: no cover  # every button has its own


class RemovePhone(PhoneAction):
    def act(self, phone_id: int) -> HttpResponse:
        remove_phone(self.person, phone_id, origin=self.origin)
        messages.success(self.request, _("The number is removed."))
        return redirect("ciam_phones")


class MakePrimaryPhone(PhoneAction):
    def act(self, phone_id: int) -> HttpResponse:
        make_primary_phone(self.person, phone_id, origin=self.origin)
        messages.success(self.request, _("This number is your primary one now."))
        return redirect("ciam_phones")


class VerifyPhone(PhoneAction):
    def act(self, phone_id: int) -> HttpResponse:
        return _await(self.request, resend_phone_code(self.person, phone_id, **self.asked))


class ResendPhoneCode(PhonePage, RecentSignInRequired, InsidePage):
    http_method_names = ["post"]
    back = "ciam_phones"

    def post(self, request: HttpRequest) -> HttpResponse:
        earlier = awaited(request, NEW_PHONE)
        row = phones_of(self.person).filter(pk=earlier.data["phone"], verified_at=None).first() if earlier else None
        if row is None:
            return redirect("ciam_phones")
        return _await(request, resend_phone_code(self.person, row.pk, **self.asked))


def _await(request: HttpRequest, proof: Proof) -> HttpResponse:
    await_proof(request, NEW_PHONE, proof)
    return redirect("ciam_confirm_phone")
