"""Changing the password while signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from ciam_core.accounts.flows.password import change_password
from ciam_core.accounts.forms import ChangePasswordForm
from ciam_core.accounts.reauthentication import keep_session
from ciam_core.accounts.views.base import InsideFormPage, RecentSignInRequired
from ciam_core.kernel.required_actions import while_pending
from ciam_core.settings import conf


@method_decorator(while_pending, name="dispatch")
class ChangePassword(RecentSignInRequired, InsideFormPage):
    template_name = "ciam_core/accounts/change_password.html"
    back = "ciam_change_password"

    def get_form(self, form_class: Any = None) -> ChangePasswordForm:
        return ChangePasswordForm(self.request.POST or None, has_password=self.person.has_usable_password())

    def act(self, form: ChangePasswordForm) -> HttpResponse:
        typed = form.cleaned_data
        change_password(
            self.person, current=typed.get("current_password", ""), new=typed["new_password"], origin=self.origin
        )
        keep_session(self.request)
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return redirect(self.next_url or "ciam_overview")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reason = "breached" if self.person.password_breached_at else ""
        return super().get_context_data(password_min_length=conf().PASSWORD_MIN_LENGTH, reason=reason, **kwargs)
