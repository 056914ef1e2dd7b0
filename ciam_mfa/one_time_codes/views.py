"""Adding a number, in three steps: type it, enter the code that was texted to it, keep recovery codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ciam_core.kernel.exceptions import CiamError, NotFoundError
from ciam_core.kernel.pages import FormPage, SignedIn
from ciam_mfa.exceptions import EnrolmentExpired
from ciam_mfa.one_time_codes.enrolling import begin_enrolment, finish_enrolment, prompt_of_enrolment, send_again
from ciam_mfa.one_time_codes.factor import may_enrol
from ciam_mfa.one_time_codes.forms import NumberForm, TextedCodeForm
from ciam_mfa.one_time_codes.queries import pending_number


class AddNumber(SignedIn, FormPage):
    template_name = "ciam_mfa/one_time_codes/add.html"
    form_class = NumberForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_enrol():
            raise NotFoundError()
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: NumberForm) -> HttpResponse:
        begin_enrolment(self.request, self.person, form.cleaned_data["phone"])
        return redirect("ciam_confirm_number")


class ConfirmNumber(SignedIn, FormPage):
    template_name = "ciam_mfa/one_time_codes/confirm.html"
    form_class = TextedCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            pending_number(self.person)
        except EnrolmentExpired:
            return redirect("ciam_add_number")
        if not prompt_of_enrolment(request):
            return redirect("ciam_add_number")
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: TextedCodeForm) -> HttpResponse:
        finish_enrolment(self.request, self.person, code=form.cleaned_data["code"])
        messages.success(self.request, _("Your number is set up."))
        return redirect("ciam_keep_recovery_codes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(prompt=prompt_of_enrolment(self.request), **kwargs)


class ResendNumber(SignedIn, FormPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            send_again(request, self.person)
        except CiamError as refusal:
            messages.error(request, str(refusal))
        return redirect("ciam_confirm_number")
