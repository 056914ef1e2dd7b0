"""Recovery codes: how many are left, making new ones, and seeing them once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.pages import FormPage, Page, SignedIn
from ciam_mfa.factors.queries import authenticators_of, demands_second_factor
from ciam_mfa.factors.returning import after_enrolling
from ciam_mfa.recovery_codes.codes import COUNT
from ciam_mfa.recovery_codes.factor import recovery_codes
from ciam_mfa.recovery_codes.flows import make_recovery_codes
from ciam_mfa.recovery_codes.showing import forget_codes, keep_codes, kept_codes


class RecoveryCodes(SignedIn, FormPage):
    """How many are left; posted to, ten new ones."""

    template_name = "ciam_mfa/recovery_codes/recovery_codes.html"

    def act(self, form: Any) -> HttpResponse:
        keep_codes(self.request, make_recovery_codes(self.person, origin=self.origin))
        return redirect("ciam_new_recovery_codes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrolled = authenticators_of(self.person)
        left = next((own.left for own in enrolled if own.factor is recovery_codes), None)
        may = demands_second_factor(enrolled)
        return super().get_context_data(left=left, count=COUNT, may_make=may, **kwargs)


class KeepRecoveryCodes(SignedIn, FormPage):
    """The last step of setting a factor up: codes for the day it is lost. Who has some already is done."""

    template_name = "ciam_mfa/recovery_codes/keep.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(own.factor is recovery_codes and own.is_usable for own in authenticators_of(self.person)):
            return after_enrolling(request)
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> HttpResponse:
        keep_codes(self.request, make_recovery_codes(self.person, origin=self.origin))
        return redirect("ciam_new_recovery_codes")


class NewRecoveryCodes(SignedIn, Page):
    """Seen until the person says that they are saved."""

    template_name = "ciam_mfa/recovery_codes/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if kept_codes(request) else redirect("ciam_recovery_codes")

    def post(self, request: HttpRequest) -> HttpResponse:
        forget_codes(request)
        messages.success(request, _("Your recovery codes are ready for the day you need them."))
        return after_enrolling(request)

    @sensitive_variables()
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(codes=kept_codes(self.request), **kwargs)


class DownloadRecoveryCodes(SignedIn, Page):
    """The same as a text file."""

    @sensitive_variables()
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        codes = kept_codes(request)
        if not codes:
            return redirect("ciam_recovery_codes")
        told = {"codes": codes, "product_name": kernel().product_name, "public_url": kernel().PUBLIC_URL}
        text = render_to_string("ciam_mfa/recovery_codes/codes.txt", told)
        answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
        return answer
