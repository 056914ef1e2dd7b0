"""Sign-up and the proof of the first address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from ciam_core.accounts import purposes
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import pending, resume, wait_for
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.forms import AccountForm, CodeForm, SignUpForm
from ciam_core.accounts.signing_up import sign_up
from ciam_core.accounts.stages import ContactStage, ProofStage, VerifyAddressStage
from ciam_core.accounts.views.base import OutsidePage, sent
from ciam_core.kernel.http import origin_of
from ciam_core.settings import conf


class SignUp(OutsidePage):
    template_name = "ciam_core/accounts/sign_up.html"
    form_class = SignUpForm

    def act(self, form: SignUpForm) -> HttpResponse:
        typed = form.cleaned_data
        return sign_up(
            self.request, typed["email"], password=typed["password"], profile=form.profile, next_url=self.next_url
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"password_min_length": conf().PASSWORD_MIN_LENGTH, "by_phone": conf().phones_may("sign_up")}
        return super().get_context_data(**shown, **kwargs)


class StagePage(OutsidePage):
    """A page where a sign-in waits for a code. Without one to wait for, it leads to the start."""

    form_class: type[AccountForm] = CodeForm
    stage_class: type[ProofStage]
    start: str
    resend: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = pending(request, self.stage_class)
        if stage is None and not request.user.is_authenticated:
            return redirect(self.start)
        self.stage: Any = stage
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**sent(self.stage.proof_id, resend_url=reverse(self.resend)), **kwargs)


class VerifyAddress(StagePage):
    template_name = "ciam_core/accounts/verify_address.html"
    stage_class = VerifyAddressStage
    start = "ciam_sign_in"
    resend = "ciam_resend_verification"

    def act(self, form: CodeForm) -> HttpResponse:
        proof = confirm_code(
            self.stage.proof_id,
            form.cleaned_data["code"],
            purposes.verify_address(),
            binding=binding_of(self.request),
            origin=self.origin,
        )
        user = verify_address(proof, origin=self.origin)
        return resume(self.request, self.stage, user, method="code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(signing_up=self.stage.login.signup, **kwargs)


class ResendVerification(StagePage):
    """Only ever posted to: another mail, then back to the page that waits for it."""

    http_method_names = ["post"]
    stage_class = VerifyAddressStage
    start = "ciam_sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_again(request, self.stage)
        return redirect("ciam_verify_address")


def ask_again(request: HttpRequest, stage: ContactStage) -> None:
    """Mail, or text, what ``stage`` waits for once more, and wait for the newer proof."""
    wait_for(request, stage, stage.request_again(binding=binding_of(request), origin=origin_of(request)))
