"""The page "Activity"."""

from typing import Any
from uuid import UUID

from django.http import Http404

from ciam_core.accounts.views.base import InsidePage
from ciam_core.audit.queries import activity_of


class Activity(InsidePage):
    template_name = "ciam_core/audit/activity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        happenings, older = activity_of(str(self.person.pk), before=self._before())
        return super().get_context_data(happenings=happenings, older=older, before=self._before(), **kwargs)

    def _before(self) -> UUID | None:
        given = self.request.GET.get("before")
        try:
            return UUID(given) if given else None
        except ValueError:
            raise Http404 from None
