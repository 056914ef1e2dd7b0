"""Leaving, from the page that explains it to the one that says goodbye; and the question whether to come back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from ciam_core.accounts.entering import coming_back, let_back_in
from ciam_core.accounts.exceptions import StateChanged
from ciam_core.accounts.flows.leave import deactivate, schedule_deletion
from ciam_core.accounts.forms import AccountForm
from ciam_core.accounts.queries import deletion_due
from ciam_core.accounts.reauthentication import leave_session
from ciam_core.accounts.views.base import InsideFormPage, InsidePage, OutsidePage, Page, RecentSignInRequired
from ciam_core.settings import conf


class Leave(InsidePage):
    """A break, or for good: what each means, before anything is asked."""

    template_name = "ciam_core/accounts/leave.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(due_at=timezone.now() + conf().DELETION_GRACE, **kwargs)


class Deactivate(RecentSignInRequired, InsideFormPage):
    back = "ciam_deactivate"
    form_class = AccountForm
    template_name = "ciam_core/accounts/deactivate.html"

    def act(self, form: AccountForm) -> HttpResponse:
        deactivate(self.person, origin=self.origin)
        leave_session(self.request)
        return redirect("ciam_deactivated")


class ScheduleDeletion(RecentSignInRequired, InsideFormPage):
    back = "ciam_schedule_deletion"
    form_class = AccountForm
    template_name = "ciam_core/accounts/schedule_deletion.html"

    def act(self, form: AccountForm) -> HttpResponse:
        schedule_deletion(self.person, origin=self.origin)
        leave_session(self.request)
        return redirect("ciam_deletion_scheduled")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(due_at=timezone.now() + conf().DELETION_GRACE, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class Deactivated(Page):
    template_name = "ciam_core/accounts/deactivated.html"


@method_decorator(login_not_required, name="dispatch")
class DeletionScheduled(Page):
    template_name = "ciam_core/accounts/deletion_scheduled.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(due_at=timezone.now() + conf().DELETION_GRACE, **kwargs)


class ComeBack(OutsidePage):
    """Who left and has just proven who they are: one button, and they are in. Looking at it changes nothing."""

    form_class = AccountForm
    template_name = "ciam_core/accounts/come_back.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = coming_back(request)
        if stage is None and not request.user.is_authenticated:
            return redirect("ciam_sign_in")
        self.stage: Any = stage
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: AccountForm) -> HttpResponse:
        try:
            answer = let_back_in(self.request, self.stage)
        except StateChanged as refusal:
            messages.error(self.request, str(refusal))
            return redirect("ciam_sign_in")
        messages.success(self.request, _("Welcome back. Everything is as you left it."))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(due_at=deletion_due(self.stage.login.user), **kwargs)
