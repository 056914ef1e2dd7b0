"""What all account pages share: refusals beside the field, and who may see them."""

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from ciam_core.accounts.adapter import home_of
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.forms import AccountForm
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.kernel.exceptions import CiamError, ThrottledError
from ciam_core.kernel.http import origin_of, safe_redirect
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.required_actions import while_pending
from ciam_core.messages.masking import mask_address

if TYPE_CHECKING:
    AccountFormView = FormView[AccountForm]
else:
    AccountFormView = FormView

RESEND_AFTER = timedelta(seconds=30)


class Page(TemplateView):
    """A page of the account. ``next`` is where it leads to afterwards, if that is on this site."""

    request: HttpRequest

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    @property
    def origin(self) -> Origin:
        return origin_of(self.request)

    @property
    def asked(self) -> dict[str, Any]:
        """Who asks for a mail, and from where: its link works only there."""
        return {"binding": binding_of(self.request), "origin": self.origin}

    @property
    def next_url(self) -> str:
        given = self.request.POST.get("next") or self.request.GET.get("next")
        return safe_redirect(self.request, given, "")

    @property
    def onward(self) -> str:
        """``next`` as the query of a link to another page on the way."""
        return f"?{urlencode({'next': self.next_url})}" if self.next_url else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"next": self.next_url, "onward": self.onward, **kwargs})


class FormPage(Page, AccountFormView):
    """A page with one form. ``act`` runs the flow; what it refuses is shown beside the field, nothing typed is lost."""

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError  # pragma: no cover  # every page has its own

    def form_valid(self, form: AccountForm) -> HttpResponse:
        try:
            return self.act(form)
        except CiamError as refusal:
            form.refuse(refusal)
            return self._refused(form, refusal)

    def form_invalid(self, form: AccountForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _refused(self, form: AccountForm, refusal: CiamError) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        if isinstance(refusal, ThrottledError):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


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


class SignedIn(LoginRequiredMixin):
    """For people who are signed in: ``person`` is whom the request speaks for."""

    request: HttpRequest

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
