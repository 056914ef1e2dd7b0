"""Setting an authenticator app up, in three steps: get one, scan and enter its first code, keep recovery codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.assurance import note_shown
from ciam_core.kernel.http import session_of
from ciam_core.kernel.pages import FormPage, SignedIn
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import EnrolmentExpired
from ciam_mfa.totp.factor import totp
from ciam_mfa.totp.flows import confirm_totp, start_totp
from ciam_mfa.totp.forms import FirstCodeForm
from ciam_mfa.totp.models import TotpAuthenticator
from ciam_mfa.totp.queries import in_groups, pending_totp, qr_code, uri_of


class AddTotp(SignedIn, FormPage):
    template_name = "ciam_mfa/totp/add.html"

    def act(self, form: Any) -> HttpResponse:
        start_totp(self.person, origin=self.origin)
        return redirect("ciam_confirm_totp")


class ConfirmTotp(SignedIn, FormPage):
    template_name = "ciam_mfa/totp/confirm.html"
    form_class = FirstCodeForm
    waiting: TotpAuthenticator

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.waiting = pending_totp(self.person)
        except EnrolmentExpired:
            return redirect("ciam_add_totp")
        return super().dispatch(request, *args, **kwargs)

    @sensitive_variables()
    def act(self, form: FirstCodeForm) -> HttpResponse:
        code, name = form.cleaned_data["code"], form.cleaned_data["name"]
        confirm_totp(self.person, code=code, name=name, origin=self.origin)
        note_first_code(self.request, self.person)
        messages.success(self.request, _("Your authenticator app is set up."))
        return redirect("ciam_keep_recovery_codes")

    @sensitive_variables()
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"qr_code": qr_code(uri_of(self.waiting)), "secret": in_groups(self.waiting.secret)}
        return super().get_context_data(**shown, **kwargs)


def note_first_code(request: HttpRequest, user: User) -> None:
    """Whoever sets an app up has it at hand: that is a second factor shown in this session."""
    note_shown(session_of(request), str(user.pk), method=totp.name, amr=totp.amr, level=totp.level)
