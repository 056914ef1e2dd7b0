"""What all account pages share: refusals beside the field, and who may see them."""

from datetime import timedelta
from math import ceil
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

from ciam_core.accounts.adapter import home_of
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.kernel import pages
from ciam_core.kernel.models import Proof
from ciam_core.kernel.required_actions import while_pending
from ciam_core.messages.masking import mask_address

RESEND_AFTER = timedelta(seconds=30)


class Page(pages.Page):
    """A page of the account."""

    @property
    def asked(self) -> dict[str, Any]:
        """Who asks for a mail, and from where: its link works only there."""
        return {"binding": binding_of(self.request), "origin": self.origin}


class FormPage(pages.FormPage, Page):
    """A page with one form, as the kernel's."""


@method_decorator([while_pending, login_not_required], name="dispatch")
class OpenPage(FormPage):
    """For everybody, signed in or not."""


@method_decorator(login_not_required, name="dispatch")
class OutsidePage(FormPage):
    """For people who are not signed in; who is goes home."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(self.next_url or home_of(request.user))
        return super().dispatch(request, *args, **kwargs)


class SignedIn(pages.SignedIn):
    @property
    def person(self) -> AbstractCustomer:
        return cast("AbstractCustomer", self.request.user)


class InsidePage(SignedIn, Page):
    """A page inside the account."""


class InsideFormPage(SignedIn, FormPage):
    """A form inside the account."""


class RecentSignInRequired(LoginRequiredMixin):
    """Asks for the password again unless it was given within ``RECENT_SIGN_IN`` (ASVS 7.5.1)."""

    request: HttpRequest
    back = "ciam_overview"
    """Where somebody goes on whose post was interrupted: the page it was made on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not signed_in_recently(request):
            back = request.get_full_path() if request.method == "GET" else reverse(self.back)
            return redirect(f"{reverse('ciam_reauthenticate')}?{urlencode({'next': back})}")
        return super().dispatch(request, *args, **kwargs)


def sent(proof_id: str, *, resend_url: str) -> dict[str, Any]:
    """What a page says of a code on its way: where it went (masked), how long it is good for, when to ask again."""
    proof = Proof.objects.filter(pk=proof_id).first() if proof_id else None
    if proof is None:
        return {"sent_to": "", "minutes": 0, "resend_url": resend_url, "resend_after": 0}
    now = timezone.now()
    return {
        "sent_to": proof.data.get("hint") or mask_address(proof.address),
        "minutes": max(0, ceil((proof.expires_at - now).total_seconds() / 60)),
        "resend_url": resend_url,
        "resend_after": max(0, ceil((proof.created_at + RESEND_AFTER - now).total_seconds())),
    }
