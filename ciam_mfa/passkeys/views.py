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
from ciam_mfa.passkeys.enrolling import begin_enrolment, begun_enrolment
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.flows import add_passkey
from ciam_mfa.passkeys.forms import NewPasskeyForm
from ciam_mfa.passkeys.relying_party import related_origins


class AddPasskey(SignedIn, FormPage):
    """``begin`` makes a challenge; a credential is enrolled. The page's script does one after the other."""

    template_name = "ciam_mfa/passkeys/add.html"
    form_class = NewPasskeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if request.POST.get("credential") else self._begin()

    def _begin(self) -> HttpResponse:
        form = NewPasskeyForm(initial={"name": self.request.POST.get("name", "")})
        try:
            options = begin_enrolment(self.request, self.person)
        except CiamError as refusal:
            form = NewPasskeyForm(data=self.request.POST)
            form.errors.clear()
            form.refuse(refusal)
            return self._refused(form, refusal)
        return self.render_to_response(self.get_context_data(form=form, options=options))

    def act(self, form: NewPasskeyForm) -> HttpResponse:
        credential, name = form.cleaned_data["credential"], form.cleaned_data["name"]
        state = begun_enrolment(self.request)
        add_passkey(self.person, credential, state=state, name=name, origin=self.origin)
        note_at_hand(self.request, self.person)
        messages.success(self.request, _("Your passkey is set up."))
        return redirect("ciam_keep_recovery_codes")


def note_at_hand(request: HttpRequest, user: User) -> None:
    """Whoever has just made a passkey has it at hand: that is a second factor shown in this session."""
    note_shown(session_of(request), str(user.pk), method=passkeys.name, amr=passkeys.amr, level=passkeys.level)


@while_pending
@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def related(request: HttpRequest) -> JsonResponse:
    """``/.well-known/webauthn``: web origins that may use the RP ID of this one (WebAuthn §5.11.1)."""
    return JsonResponse({"origins": related_origins()})
