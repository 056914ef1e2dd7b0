"""Adding a passkey, in one step; where browsers are told which other origins may use ours."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ciam_core.kernel.assurance import note_shown
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.http import session_of
from ciam_core.kernel.pages import FormPage, SignedIn
from ciam_core.kernel.required_actions import while_pending
from ciam_core.kernel.typing import User
from ciam_mfa.factors.returning import remember_way_back
from ciam_mfa.passkeys.enrolling import begin_enrolment, begun_enrolment
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.flows import add_passkey, demand_passkey
from ciam_mfa.passkeys.forms import NewPasskeyForm, PasskeyForm
from ciam_mfa.passkeys.models import Passkey
from ciam_mfa.passkeys.relying_party import related_origins


class AddPasskey(SignedIn, FormPage):
    """``begin`` makes a challenge; a credential is enrolled. The page's script does one after the other."""

    template_name = "ciam_mfa/passkeys/add.html"
    form_class: type[PasskeyForm] = NewPasskeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if request.POST.get("credential") else self._begin()

    def _begin(self) -> HttpResponse:
        form = self.get_form_class()(initial={"name": self.request.POST.get("name", "")})
        try:
            options = begin_enrolment(self.request, self.person, automatic="automatic" in self.request.POST)
        except CiamError as refusal:
            form = self.get_form_class()(data=self.request.POST)
            form.errors.clear()
            form.refuse(refusal)
            return self._refused(form, refusal)
        return self.render_to_response(self.get_context_data(form=form, options=options))

    def act(self, form: PasskeyForm) -> HttpResponse:
        credential, name = form.cleaned_data["credential"], form.cleaned_data.get("name", "")
        state = begun_enrolment(self.request)
        made = add_passkey(self.person, credential, state=state, name=name, origin=self.origin)
        note_at_hand(self.request, self.person, made)
        return self.go_on(made)

    def go_on(self, made: Passkey) -> HttpResponse:
        messages.success(self.request, _("Your passkey is set up."))
        if self.next_url:
            remember_way_back(self.request, self.next_url)
        return redirect("ciam_keep_recovery_codes")


class DemandPasskey(SignedIn, FormPage):
    """The owner wants to be asked for what their browser made by itself: it is a factor like any other from now on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        demand_passkey(self.person, kwargs["key"], origin=self.origin)
        messages.success(request, _("From now on you are asked for it after your password."))
        return redirect("ciam_keep_recovery_codes")


def note_at_hand(request: HttpRequest, user: User, made: Passkey) -> None:
    """Whoever has just made a passkey has it at hand: that is a second factor shown in this session.

    Not where the browser made it by itself: nobody has shown anything.
    """
    if not made.is_demanded:
        return
    note_shown(session_of(request), str(user.pk), method=passkeys.name, amr=passkeys.amr, level=passkeys.level)


@while_pending
@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def related(request: HttpRequest) -> JsonResponse:
    """``/.well-known/webauthn``: web origins that may use the RP ID of this one (WebAuthn §5.11.1)."""
    return JsonResponse({"origins": related_origins()})
