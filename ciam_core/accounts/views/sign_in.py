"""Signing in and out: by password, by a mailed code."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from ciam_core.accounts.awaiting import REAUTHENTICATION, awaited_id
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.entering import await_sign_in_code, enter, resume
from ciam_core.accounts.flows.password import confirm_password
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_password
from ciam_core.accounts.forms import CodeForm, ConfirmPasswordForm, EmailForm, SignInForm
from ciam_core.accounts.reauthentication import (
    note_reauthentication,
    reauthenticate_with_code,
    request_reauthentication,
)
from ciam_core.accounts.signing_in import send_sign_in_code_again, use_sign_in_code
from ciam_core.accounts.stages import SignInCodeStage
from ciam_core.accounts.views.base import InsideFormPage, OutsidePage, Page, sent
from ciam_core.accounts.views.sign_up import StagePage
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.kernel.required_actions import while_pending
from ciam_core.settings import conf


class SignIn(OutsidePage):
    template_name = "ciam_core/accounts/sign_in.html"
    form_class = SignInForm

    def act(self, form: SignInForm) -> HttpResponse:
        given, password = form.cleaned_data["email"], form.cleaned_data["password"]
        user = sign_in_with_password(given, password=password, origin=self.origin)
        address = given if "@" in given else ""
        return enter(self.request, user, method="password", address=address, next_url=self.next_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_text=conf().phones_may("sign_in"), **kwargs)


class RequestSignInCode(OutsidePage):
    template_name = "ciam_core/accounts/request_sign_in_code.html"
    form_class = EmailForm

    def act(self, form: EmailForm) -> HttpResponse:
        proof = request_sign_in(form.cleaned_data["email"], binding=binding_of(self.request), origin=self.origin)
        return await_sign_in_code(self.request, proof, next_url=self.next_url)


class ConfirmSignInCode(StagePage):
    template_name = "ciam_core/accounts/confirm_sign_in_code.html"
    stage_class = SignInCodeStage
    start = "ciam_request_sign_in_code"
    resend = "ciam_resend_sign_in_code"

    def act(self, form: CodeForm) -> HttpResponse:
        user, method = use_sign_in_code(self.request, self.stage, form.cleaned_data["code"])
        return resume(self.request, self.stage, user, method=method)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_text=self.stage.by_text, **kwargs)


class ResendSignInCode(StagePage):
    http_method_names = ["post"]
    stage_class = SignInCodeStage
    start = "ciam_request_sign_in_code"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            send_sign_in_code_again(request, self.stage)
        except ProofRejected:
            return redirect("ciam_request_sms_code")
        return redirect("ciam_confirm_sign_in_code")


@method_decorator(while_pending, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class SignOut(Page):
    """Signing out is a choice of the person's: a page asks, a POST does it (ASVS 7.4.4, no sign-out by GET)."""

    template_name = "ciam_core/accounts/sign_out.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if request.user.is_authenticated else redirect("ciam_sign_in")

    def post(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        get_adapter().logout(request)
        if was_signed_in:
            messages.success(request, _("You are signed out."))
        response = redirect(self.next_url or "ciam_sign_in")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


@method_decorator(login_not_required, name="dispatch")
class Inactive(Page):
    template_name = "ciam_core/accounts/inactive.html"


@method_decorator(while_pending, name="dispatch")
class Reauthenticate(InsideFormPage):
    """The password once more; a mailed code for an account that has none."""

    template_name = "ciam_core/accounts/reauthenticate.html"

    def get_form_class(self) -> Any:
        return ConfirmPasswordForm if self.person.has_usable_password() else CodeForm

    def act(self, form: Any) -> HttpResponse:
        if isinstance(form, ConfirmPasswordForm):
            confirm_password(self.person, password=form.cleaned_data["password"], origin=self.origin)
            note_reauthentication(self.request, method="password")
        else:
            reauthenticate_with_code(self.request, form.cleaned_data["code"])
        return redirect(self.next_url or "ciam_overview")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.person.has_usable_password():
            return super().get_context_data(**kwargs)
        waiting = sent(
            awaited_id(self.request, REAUTHENTICATION), resend_url=reverse("ciam_send_reauthentication_code")
        )
        return super().get_context_data(**waiting, by_code=True, **kwargs)


@method_decorator(while_pending, name="dispatch")
class SendReauthenticationCode(InsideFormPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.person.has_usable_password():
            request_reauthentication(request)
        where = reverse("ciam_reauthenticate")
        return redirect(f"{where}?{self.request.GET.urlencode()}" if self.request.GET else where)
