"""Coming back without the password: ask, then the code with a new password, or the link with one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts import purposes
from ciam_core.accounts.awaiting import RECOVERY, await_proof, awaited, awaited_id, stop_waiting
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import enter, shown_by
from ciam_core.accounts.flows.recover import recover, recovery_purpose, request_recovery, request_recovery_again
from ciam_core.accounts.forms import AccountForm, EmailForm, NewPasswordForm, RecoverForm
from ciam_core.accounts.links import opened_link
from ciam_core.accounts.phones.texting import is_texted
from ciam_core.accounts.recent import added_lately
from ciam_core.accounts.views.base import OpenPage, sent
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.messages.masking import mask_address
from ciam_core.passwords.policy import require_acceptable
from ciam_core.settings import conf

# Translators: "ways" are addresses, phone numbers and accounts elsewhere, such as "m•••••@e•••.org, Google".
_ADDED = _(
    "Your password is changed. Added in the last days, to sign in or come back with: %(ways)s. If one of them is not "
    "yours, press “This was not me” in the mail that we have just sent you."
)


class Recover(OpenPage):
    template_name = "ciam_core/accounts/recover.html"
    form_class: type[AccountForm] = EmailForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(by_phone=conf().phones_may("sign_up"), **kwargs)

    def act(self, form: EmailForm) -> HttpResponse:
        proof = request_recovery(form.cleaned_data["email"], origin=self.origin)
        await_proof(self.request, RECOVERY, proof)
        return redirect(reverse("ciam_recover_code") + self.onward)


class NewPasswordPage(OpenPage):
    def complete(self, proof: Proof, password: str) -> HttpResponse:
        """Set the new password and go on to sign in, through every stage there is (RC6)."""
        user = recover(proof, password=password, origin=self.origin)
        stop_waiting(self.request, RECOVERY)
        response = enter(self.request, user, **shown_by(proof), next_url=self.next_url)
        if self.request.user.is_authenticated and (added := added_lately(user)):
            messages.warning(self.request, _ADDED % {"ways": ", ".join(added)})
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(password_min_length=conf().PASSWORD_MIN_LENGTH, **kwargs)


class RecoverCode(NewPasswordPage):
    template_name = "ciam_core/accounts/recover_code.html"
    form_class = RecoverForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not awaited_id(request, RECOVERY):
            return redirect("ciam_recover")
        return super().dispatch(request, *args, **kwargs)

    @property
    def proof_id(self) -> str:
        return awaited_id(self.request, RECOVERY)

    def act(self, form: RecoverForm) -> HttpResponse:
        require_acceptable(form.cleaned_data["password"])  # before a try of the code is spent on it
        purpose = recovery_purpose(awaited(self.request, RECOVERY))
        proof = confirm_code(self.proof_id, form.cleaned_data["code"], purpose, origin=self.origin)
        return self.complete(proof, form.cleaned_data["password"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = awaited(self.request, RECOVERY)
        shown = sent(self.proof_id, resend_url=reverse("ciam_resend_recovery"))
        return super().get_context_data(**shown, by_text=earlier is not None and is_texted(earlier), **kwargs)


class ResendRecovery(OpenPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        earlier = awaited(request, RECOVERY)
        if earlier is None:
            return redirect("ciam_recover")
        await_proof(request, RECOVERY, request_recovery_again(earlier, origin=self.origin))
        return redirect("ciam_recover_code")


class SetNewPassword(NewPasswordPage):
    """Reached by opening the link in the mail."""

    template_name = "ciam_core/accounts/set_new_password.html"
    form_class = NewPasswordForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except ProofRejected as refusal:
            messages.error(request, str(refusal))
            return redirect("ciam_recover")

    def act(self, form: NewPasswordForm) -> HttpResponse:
        return self.complete(opened_link(self.request, purposes.recover()), form.cleaned_data["password"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proof = opened_link(self.request, purposes.recover())
        return super().get_context_data(email=mask_address(proof.address), proof=str(proof.pk), **kwargs)
