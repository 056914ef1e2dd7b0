"""The accounts elsewhere that sign in to this one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ciam_core.building.pages import InsidePage, RecentSignInRequired
from ciam_core.federation.coming_back import provider_called
from ciam_core.federation.flows import unlink_identity
from ciam_core.federation.queries import identities_of, provider_name
from ciam_core.federation.settings import conf
from ciam_core.federation.views.base import forward, mark_of, trouble
from ciam_core.kernel.exceptions import CiamError


class StartLinking(RecentSignInRequired, InsidePage):
    """A button on the page of linked accounts (LK4: posted, with a token, by somebody who was just here)."""

    http_method_names = ["post"]
    back = "ciam_linked_accounts"

    def post(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return forward(request, provider_called(provider_id), person=str(self.person.pk))
        except CiamError as refusal:
            return trouble(request, refusal, inside=True)


class LinkedAccounts(InsidePage):
    template_name = "ciam_federation/linked_accounts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = conf().providers
        rows = [
            {
                "id": row.pk,
                "name": provider_name(row.provider),
                "address": row.extra_data.get("address", ""),
                "linked_at": row.date_joined,
                "mark": mark_of(offered.get(row.provider)),
            }
            for row in identities_of(self.person)
        ]
        more = [{"id": own.id, "name": own.name, "mark": mark_of(own)} for own in offered.values()]
        return super().get_context_data(identities=rows, providers=more, **kwargs)


class Unlink(RecentSignInRequired, InsidePage):
    http_method_names = ["post"]
    back = "ciam_linked_accounts"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            unlink_identity(self.person, kwargs["identity_id"], origin=self.origin)
        except CiamError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is unlinked. It does not sign in to this account any more."))
        return redirect("ciam_linked_accounts")
