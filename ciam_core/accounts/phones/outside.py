"""Signing up and coming back with a number instead of an address. Not there unless ``PHONES`` is ``sign_up``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ciam_core.accounts.awaiting import RECOVERY, await_proof
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import resume
from ciam_core.accounts.flows.recover import request_recovery_by_phone
from ciam_core.accounts.forms import CodeForm
from ciam_core.accounts.phones.forms import PhoneForm, PhoneSignUpForm
from ciam_core.accounts.phones.purposes import verify_phone as by_text
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.accounts.phones.views import PhonePage
from ciam_core.accounts.signing_up import sign_up_by_phone
from ciam_core.accounts.stages import VerifyPhoneStage
from ciam_core.accounts.views.base import OpenPage, OutsidePage
from ciam_core.accounts.views.sign_up import StagePage, ask_again
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.settings import conf


class SignUpByPhone(PhonePage, OutsidePage):
    needs = "sign_up"
    template_name = "ciam_core/phones/sign_up.html"
    form_class = PhoneSignUpForm

    def act(self, form: PhoneSignUpForm) -> HttpResponse:
        typed = form.cleaned_data
        given: dict[str, Any] = {"password": typed["password"], "profile": form.profile, "next_url": self.next_url}
        return sign_up_by_phone(self.request, typed["phone"], **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(password_min_length=conf().PASSWORD_MIN_LENGTH, **kwargs)


class VerifyNumber(StagePage):
    template_name = "ciam_core/phones/verify_number.html"
    stage_class = VerifyPhoneStage
    start = "ciam_sign_in"
    resend = "ciam_resend_number_code"

    def act(self, form: CodeForm) -> HttpResponse:
        asked: dict[str, Any] = {"binding": binding_of(self.request), "origin": self.origin}
        proof = confirm_code(self.stage.proof_id, form.cleaned_data["code"], by_text(), **asked)
        return resume(self.request, self.stage, verify_phone(proof, origin=self.origin), method="sms")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(signing_up=self.stage.login.signup, **kwargs)


class ResendNumberCode(StagePage):
    http_method_names = ["post"]
    stage_class = VerifyPhoneStage
    start = "ciam_sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            ask_again(request, self.stage)
        except ProofRejected:
            return redirect("ciam_sign_up_by_phone")
        return redirect("ciam_verify_number")


class RecoverByPhone(PhonePage, OpenPage):
    needs = "sign_up"
    template_name = "ciam_core/phones/recover.html"
    form_class = PhoneForm

    def act(self, form: PhoneForm) -> HttpResponse:
        await_proof(self.request, RECOVERY, request_recovery_by_phone(form.cleaned_data["phone"], origin=self.origin))
        return redirect(reverse("ciam_recover_code") + self.onward)
