"""The page that asks for a second factor: one at a time, the strongest first, another way always in reach."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property

from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.pages import FormPage
from ciam_core.kernel.required_actions import while_pending
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.answering import begin_answer, give_answer, prompt_for
from ciam_mfa.challenge.waiting import WaitingSignIn, waiting_sign_in
from ciam_mfa.factors.channels import first_factors
from ciam_mfa.factors.queries import Offer, factor_of, offers_to
from ciam_mfa.trusted_browsers.queries import trust_offered_to
from ciam_mfa.trusted_browsers.tokens import keep_token, trust_here


class AnswerPage(FormPage):
    """Asks ``whom`` for an answer with one of their authenticators, and then does ``go_on``."""

    template_name = "ciam_mfa/challenge/challenge.html"

    @property
    def whom(self) -> User:
        raise NotImplementedError  # pragma: no cover  # every page has its own

    def go_on(self, key: str) -> HttpResponse:
        raise NotImplementedError  # pragma: no cover  # every page has its own

    @cached_property
    def offers(self) -> list[Offer]:
        return offers_to(self.whom, shown=first_factors(self.request, self.whom))

    @cached_property
    def offer(self) -> Offer | None:
        """The one that was chosen, else the strongest that can be answered with now."""
        chosen = self.request.POST.get("authenticator") or self.request.GET.get("use")
        found = next((offer for offer in self.offers if offer.key == chosen), None)
        open_ones = (offer for offer in self.offers if offer.locked_until is None)
        return found or next(open_ones, None) or next(iter(self.offers), None)

    @cached_property
    def key(self) -> str:
        """What is answered with: a right answer needs no list of the others."""
        posted = self.request.POST.get("authenticator", "")
        return posted if factor_of(posted) else getattr(self.offer, "key", "")

    def get_form_class(self) -> type[CiamForm]:
        factor = factor_of(self.key)
        return factor.answer_form if factor else CiamForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.key:
            return self.get(request, *args, **kwargs)
        return self._begin() if "begin" in request.POST else super().post(request, *args, **kwargs)

    def _begin(self) -> HttpResponse:
        try:
            begin_answer(self.request, self.whom, self.key)
        except CiamError as refusal:
            form = self.get_form_class()(data={})
            form.errors.clear()
            form.refuse(refusal)
            return self._refused(form, refusal)
        return self.render_to_response(self.get_context_data(form=self.get_form_class()()))

    def act(self, form: CiamForm) -> HttpResponse:
        give_answer(self.request, self.whom, self.key, form.cleaned_data)
        return self.go_on(self.key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [offer for offer in self.offers if offer is not self.offer]
        prompt = prompt_for(self.request, self.offer.key) if self.offer else {}
        only_same = not self.offers and bool(offers_to(self.whom))
        told = {"offer": self.offer, "others": others, "prompt": prompt, "is_same_channel": only_same}
        return super().get_context_data(**told, **kwargs)


@method_decorator([while_pending, login_not_required], name="dispatch")
class Challenge(AnswerPage):
    """Between the first factor and the session."""

    waiting: WaitingSignIn

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waiting = waiting_sign_in(request)
        if waiting is None:
            here = request.user.is_authenticated
            return redirect(resolve_url(settings.LOGIN_REDIRECT_URL if here else settings.LOGIN_URL))
        self.waiting = waiting
        return super().dispatch(request, *args, **kwargs)

    @property
    def whom(self) -> User:
        return self.waiting.user

    def go_on(self, key: str) -> HttpResponse:
        response = self.waiting.finish(self.request, key)
        if self.trusts and (token := trust_here(self.request, self.whom)):
            keep_token(response, token)
        return response

    @property
    def trusts(self) -> bool:
        """Whether the person ticked that this browser is to spare them the next times."""
        return "trust" in self.request.POST

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = trust_offered_to(self.whom)
        told = {"trust_days": offered.days if offered else 0, "trusts": self.trusts}
        return super().get_context_data(**told, **kwargs)


@method_decorator([while_pending, login_not_required], name="dispatch")
class StartAgain(FormPage):
    """Drops the sign-in that waits, for somebody else or another way in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if waiting := waiting_sign_in(request):
            waiting.cancel(request)
        return redirect(resolve_url(settings.LOGIN_URL))
