"""The pages behind mailed links. A GET shows a button, only a POST spends (mail scanners follow links, RC8)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.entering import enter, pending, resume
from ciam_core.accounts.flows.addresses import complete_address_change
from ciam_core.accounts.flows.leave import cancel_deletion
from ciam_core.accounts.flows.lock_down import lock_down
from ciam_core.accounts.flows.restore import undo_address_change
from ciam_core.accounts.flows.sign_in import sign_in_with_proof
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.links import open_link, opened_link
from ciam_core.accounts.stages import SignInCodeStage, VerifyAddressStage
from ciam_core.accounts.views.base import Page
from ciam_core.kernel.exceptions import CiamError, ThrottledError
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofElsewhere
from ciam_core.kernel.required_actions import while_pending
from ciam_core.kernel.sessions import leave
from ciam_core.messages.masking import mask_address


@dataclass(frozen=True)
class LinkPage:
    """What the page says before the button is pressed, and what the button does."""

    title: str | Promise
    text: str | Promise
    action_label: str | Promise
    use: Callable[[HttpRequest, Proof], HttpResponse]


@method_decorator(while_pending, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class OpenLink(Page):
    """Takes the token out of the URL at once, so that no history and no ``Referer`` keeps it."""

    def get(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        try:
            proof = open_link(request, token)
        except ThrottledError:
            raise
        except CiamError as refusal:
            return rejected(request, refusal)
        response = redirect("ciam_use_link" if proof.purpose in LINK_PAGES else "ciam_set_new_password")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(while_pending, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class UseLink(Page):
    template_name = "ciam_core/accounts/link.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.proof = opened_link(request)
            if self.proof.purpose not in LINK_PAGES:
                return redirect("ciam_set_new_password")
            return super().dispatch(request, *args, **kwargs)
        except CiamError as refusal:
            return rejected(request, refusal)

    def post(self, request: HttpRequest) -> HttpResponse:
        return LINK_PAGES[self.proof.purpose].use(request, self.proof)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = LINK_PAGES[self.proof.purpose]
        shown = {"proof": str(self.proof.pk), "title": page.title, "text": page.text, "action_label": page.action_label}
        return super().get_context_data(sent_to=mask_address(self.proof.address), **shown, **kwargs)


def rejected(request: HttpRequest, refusal: CiamError) -> HttpResponse:
    """The page of a link that does not work: why, and what to do instead."""
    page = Page(template_name="ciam_core/accounts/link_rejected.html", request=request)
    elsewhere = isinstance(refusal, ProofElsewhere)
    context = page.get_context_data(
        title=gettext("Open this link where you asked for it") if elsewhere else gettext("This link does not work"),
        text=str(refusal),
        next_url=reverse("ciam_sign_in"),
        next_label=gettext("Go to sign in"),
    )
    response = page.render_to_response(context, status=refusal.status)
    response.headers["Referrer-Policy"] = "no-referrer"  # its URL may hold a token that is good elsewhere
    return response


def _use_verify_address(request: HttpRequest, proof: Proof) -> HttpResponse:
    user = verify_address(proof, origin=origin_of(request))
    stage = pending(request, VerifyAddressStage)
    if stage is not None and stage.login.user == user:
        return resume(request, stage, user, method="code")
    messages.success(request, gettext("Your address is confirmed."))
    return redirect("ciam_addresses" if request.user.is_authenticated else "ciam_sign_in")


def _use_sign_in(request: HttpRequest, proof: Proof) -> HttpResponse:
    user = sign_in_with_proof(proof, origin=origin_of(request))
    stage = pending(request, SignInCodeStage)
    if stage is not None and stage.proof_id == str(proof.pk):
        return resume(request, stage, user, method="code")
    return enter(request, user, method="code", address=proof.address)


def _use_change_address(request: HttpRequest, proof: Proof) -> HttpResponse:
    complete_address_change(proof, origin=origin_of(request))
    messages.success(request, gettext("Your address is changed. Sign in with the new one from now on."))
    return redirect("ciam_addresses" if request.user.is_authenticated else "ciam_sign_in")


def _use_undo(request: HttpRequest, proof: Proof) -> HttpResponse:
    undo_address_change(proof, origin=origin_of(request))
    _leave_with(request, proof)
    messages.success(
        request, gettext("Your address is back and everybody is signed out. Choose a new password to come in again.")
    )
    return redirect("ciam_recover")


def _use_undo_deletion(request: HttpRequest, proof: Proof) -> HttpResponse:
    cancel_deletion(proof, origin=origin_of(request))
    messages.success(request, gettext("Your account stays. Sign in to go on where you left off."))
    return redirect("ciam_sign_in")


def _use_wasnt_me(request: HttpRequest, proof: Proof) -> HttpResponse:
    lock_down(proof, origin=origin_of(request))
    _leave_with(request, proof)
    return redirect("ciam_locked_down")


def _leave_with(request: HttpRequest, proof: Proof) -> None:
    """Who presses the button in a browser of theirs is signed out with everybody else."""
    if str(request.user.pk) == proof.subject_id:
        leave(request)


@method_decorator(while_pending, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class LockedDown(Page):
    """After "this wasn't me": what is true now, and the way in again."""

    template_name = "ciam_core/accounts/locked_down.html"


LINK_PAGES = {
    "verify_address": LinkPage(
        title=_("Confirm your address"),
        text=_("Press the button to confirm that you read mail at this address."),
        action_label=_("Confirm address"),
        use=_use_verify_address,
    ),
    "sign_in": LinkPage(
        title=_("Sign in"),
        text=_("Press the button to sign in with this address."),
        action_label=_("Sign in"),
        use=_use_sign_in,
    ),
    "change_address": LinkPage(
        title=_("Confirm your new address"),
        text=_("Press the button, and your account uses this address from now on."),
        action_label=_("Use this address"),
        use=_use_change_address,
    ),
    "undo_address_change": LinkPage(
        title=_("Take your address back"),
        text=_("Your account goes back to this address, everybody is signed out, and the password stops working."),
        action_label=_("Take my address back"),
        use=_use_undo,
    ),
    "undo_deletion": LinkPage(
        title=_("Keep your account"),
        text=_("Press the button, and your account is not deleted. You sign in as before."),
        action_label=_("Keep my account"),
        use=_use_undo_deletion,
    ),
    "wasnt_me": LinkPage(
        title=_("Lock your account"),
        text=_(
            "Everybody is signed out, the password stops working, and changes of email addresses in the last days are "
            "undone. Nothing else is lost. Then you choose a new password."
        ),
        action_label=_("Lock my account"),
        use=_use_wasnt_me,
    ),
}
