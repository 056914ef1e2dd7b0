"""Actions of the admin behind ``step_up``."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from ciam_core.kernel.assurance import Level, has_shown
from ciam_core.kernel.http import session_of
from ciam_mfa.step_up.holding import held_for, resume_request
from ciam_mfa.step_up.requiring import highest_of


class StepUpAdmin(ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """One whose actions may have ``@step_up(…)`` above them; after the detour what was chosen goes on by itself."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        waited = held_for(request)
        if waited is not None and self._has_shown(request, since=waited):
            resume_request(request)
        return super().changelist_view(request, extra_context)

    def _has_shown(self, request: HttpRequest, *, since: timedelta) -> bool:
        user: Any = request.user
        level = highest_of(user) if user.is_authenticated else Level.AAL1
        return has_shown(session_of(request), str(user.pk), level=level, max_age=since)


__all__ = ["StepUpAdmin"]
