"""Showing again who one is, on the way to something that asks for it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.assurance import Level, note_shown
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.http import session_of
from ciam_core.kernel.origin import Channel
from ciam_core.kernel.pages import FormPage, SignedIn
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.required_actions import while_pending
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.views import AnswerPage
from ciam_mfa.step_up.flows import confirm_password

first_factor_pages: Registry[str] = Registry("page")
"""URL names of pages where somebody without a second factor shows again who they are; the first is used."""


def step_up_done(request: HttpRequest) -> None:
    """The session goes on under another key (ASVS 7.2.4). An app keeps its token."""
    if getattr(request, "ciam_channel", Channel.BROWSER) != Channel.APP:
        session_of(request).cycle_key()


class Returning(SignedIn, FormPage):
    def go_back(self) -> HttpResponse:
        step_up_done(self.request)
        return redirect(self.next_url or resolve_url(settings.LOGIN_REDIRECT_URL))


@method_decorator(while_pending, name="dispatch")
class StepUp(Returning, AnswerPage):
    """One of the person's factors; the first one again for who has no second that is asked for."""

    template_name = "ciam_mfa/step_up/step_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not any(offer.enrolled.demanded for offer in self.offers):
            return redirect(reverse(next(iter(first_factor_pages))) + self.onward)
        return super().dispatch(request, *args, **kwargs)

    @property
    def whom(self) -> User:
        return self.person

    def go_on(self, key: str) -> HttpResponse:
        return self.go_back()


class PasswordForm(CiamForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "enterkeyhint": "go"}),
    )


@method_decorator(while_pending, name="dispatch")
class ConfirmPassword(Returning):
    """Django's own password once more: for hosts without ``ciam_core``, which has a page of its own."""

    template_name = "ciam_mfa/step_up/confirm_password.html"
    form_class = PasswordForm

    def act(self, form: PasswordForm) -> HttpResponse:
        confirm_password(self.person, password=form.cleaned_data["password"])
        session = session_of(self.request)
        note_shown(session, str(self.person.pk), method="password", amr=("pwd",), level=Level.AAL1)
        return self.go_back()
