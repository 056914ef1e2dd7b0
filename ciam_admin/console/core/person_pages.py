"""The pages below a person's: what staff do to them, what they see for a reason, and the lists in full."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from ciam_admin.console.core.actions import ACTIONS, Action
from ciam_admin.console.core.flows import reveal_part, reveal_person
from ciam_admin.console.core.forms import ConfirmForm, RevealForm
from ciam_admin.console.core.listings import LISTINGS, Listing
from ciam_admin.console.core.queries import LATEST
from ciam_admin.console.core.rules import require_above
from ciam_admin.console.paging import NEWER, OLDER, KeysetAdmin, KeysetPage, cursor_in
from ciam_admin.console.tables import Table, revealed_tables
from ciam_admin.exceptions import AboveYou, OwnAccount
from ciam_admin.settings import conf
from ciam_core.accounts.profile.queries import readable
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.http import origin_of
from ciam_core.models import AbstractCustomer
from ciam_core.queries import person

REVEAL = "ciam_admin.view_personal_data"


class PersonPages(KeysetAdmin):
    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        own = [
            path("<uuid:object_id>/reveal/", view(self.reveal_view), name=f"{name}_reveal"),
            path("<uuid:object_id>/act/<slug:name>/", view(self.action_view), name=f"{name}_act"),
        ]
        for listing in LISTINGS:
            below, act, given = f"<uuid:object_id>/{listing.name}/", listing.action.name, {"listing": listing}
            own += [
                path(below, view(self.listing_view), given, name=f"{name}_{listing.name}"),
                path(f"{below}reveal/", view(self.reveal_listing_view), given, name=f"{name}_reveal_{listing.name}"),
                path(f"{below}<uuid:row_id>/{act}/", view(self.row_action_view), given, name=f"{name}_{act}"),
            ]
        return own + super().get_urls()

    def reveal_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask for a reason; answer it with the values, in this one response. ``admin_view`` lets no cache keep it."""
        user = self._acted_on(request, object_id, allowed=request.user.has_perm(REVEAL))
        form = self._reveal_form(request)
        if form.is_valid():
            actor = cast(AbstractCustomer, request.user)
            revealed = reveal_person(user, **form.cleaned_data, actor=actor, origin=origin_of(request))
            labels = readable("staff")
            profile = [(labels[name].label, value) for name, value in revealed.profile.items() if value is not None]
            page = {"revealed": revealed, "profile": profile, "title": _("Personal data")}
            page["tables"] = [own(user) for own in revealed_tables]
            return self._page(request, user, "ciam_admin/revealed.html", page)
        question = _("You see addresses, phone numbers, profile and latest activity once. That you did is recorded.")
        page = {"form": form, "question": question, "title": _("Show personal data"), "button": _("Show")}
        return self._page(request, user, "ciam_admin/confirm.html", page)

    def action_view(self, request: HttpRequest, object_id: Any, name: str) -> HttpResponse:
        action = next((own for own in ACTIONS if own.name == name), None)
        if action is None:
            raise Http404
        user = self._acted_on(request, object_id, allowed=action.allowed(request.user))
        return self._act(request, user, action, return_url=self.url_of(user))

    def listing_view(self, request: HttpRequest, object_id: Any, listing: Listing) -> HttpResponse:
        user = self._seen(request, object_id)
        try:
            page = KeysetPage.asked(request, listing.of(user))
        except IncorrectLookupParameters:
            return redirect(self.url_of(user, listing.name))
        return self._listed(request, user, listing, page)

    def reveal_listing_view(self, request: HttpRequest, object_id: Any, listing: Listing) -> HttpResponse:
        """Ask for a reason; answer it with the same page of the list, its masked column in clear."""
        user = self._acted_on(request, object_id, allowed=request.user.has_perm(REVEAL))
        list_url = self.url_of(user, listing.name)
        try:
            page = KeysetPage.asked(request, listing.of(user))
        except IncorrectLookupParameters:
            return redirect(list_url)
        form = self._reveal_form(request)
        if form.is_valid():
            actor = cast(AbstractCustomer, request.user)
            reveal_part(user, part=listing.name, **form.cleaned_data, actor=actor, origin=origin_of(request))
            return self._listed(request, user, listing, page, clear=True)
        asked = {"form": form, "question": listing.question, "title": listing.reveal, "button": _("Show")}
        asked["return_url"] = list_url + cursor_in(request)
        return self._page(request, user, "ciam_admin/confirm.html", asked)

    def row_action_view(self, request: HttpRequest, object_id: Any, row_id: Any, listing: Listing) -> HttpResponse:
        user = self._acted_on(request, object_id, allowed=listing.action.allowed(request.user))
        held = listing.of(user).filter(pk=row_id).first()
        if held is None:
            raise Http404
        about = Table(title="", columns=listing.columns, rows=[listing.row(held)])
        return_url = self.url_of(user, listing.name)
        return self._act(request, user, listing.action, row_id, return_url=return_url, about=about)

    def latest(self, request: HttpRequest, user: AbstractCustomer) -> list[Table]:
        """The first rows of each list, for the person's page."""
        return [self._table(request, user, own, own.of(user)[:LATEST], title=own.latest) for own in LISTINGS]

    def url_of(self, user: Any, page: str = "change", *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=(user.pk, *args))

    def _reveal_form(self, request: HttpRequest) -> RevealForm:
        return RevealForm(request.POST if request.method == "POST" else None, reasons=conf().REVEAL_REASONS)

    def _act(
        self, request: HttpRequest, user: AbstractCustomer, action: Action, *target: Any, return_url: str, **shown: Any
    ) -> HttpResponse:
        """Ask, then run the one flow behind the action."""
        form = ConfirmForm(request.POST if request.method == "POST" else None, reasons=action.codes)
        if form.is_valid():
            try:
                action.run(user, *target, **form.cleaned_data, actor=request.user, origin=origin_of(request))
            except CiamError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(action.done))
                return redirect(return_url)
        page = {"form": form, "question": action.question, "title": action.label, "button": action.label}
        return self._page(request, user, "ciam_admin/confirm.html", {**page, "return_url": return_url, **shown})

    def _listed(
        self, request: HttpRequest, user: AbstractCustomer, listing: Listing, page: KeysetPage, *, clear: bool = False
    ) -> HttpResponse:
        table, url = self._table(request, user, listing, page.rows, clear=clear), self.url_of(user, listing.name)
        pages = {
            "result_list": table.rows,
            "older_url": f"{url}?{OLDER}={page.older_than}" if page.older_than else "",
            "newer_url": f"{url}?{NEWER}={page.newer_than}" if page.newer_than else "",
        }
        shown = {"title": listing.title, "table": table, "cl": pages, "reveal": listing.reveal}
        if not clear and table.rows and may_act(request, user) and request.user.has_perm(REVEAL):
            shown["reveal_url"] = self.url_of(user, f"reveal_{listing.name}") + cursor_in(request)
        return self._page(request, user, "ciam_admin/listing.html", shown)

    def _table(
        self,
        request: HttpRequest,
        user: AbstractCustomer,
        listing: Listing,
        rows: Any,
        *,
        title: Any = "",
        clear: bool = False,
    ) -> Table:
        action = listing.action
        acting = may_act(request, user) and action.allowed(request.user)
        shown = [
            listing.row(held, clear=clear, url=self.url_of(user, action.name, held.pk) if acting else "")
            for held in listing.kept(rows)
        ]
        all_url = self.url_of(user, listing.name) if title else ""
        return Table(
            title=title, columns=listing.columns, rows=shown, act=action.label if acting else "", all_url=all_url
        )

    def _seen(self, request: HttpRequest, object_id: Any) -> AbstractCustomer:
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = person(str(object_id))
        if user is None:
            raise Http404
        return user

    def _acted_on(self, request: HttpRequest, object_id: Any, *, allowed: bool) -> AbstractCustomer:
        if not allowed:
            raise PermissionDenied
        user = self._seen(request, object_id)
        require_above(request.user, user)
        return user

    def _page(self, request: HttpRequest, user: Any, template: str, context: dict[str, Any]) -> HttpResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "original": user}
        return TemplateResponse(request, template, {**common, "back_url": self.url_of(user), **context})


def may_act(request: HttpRequest, user: AbstractCustomer) -> bool:
    try:
        require_above(request.user, user)
    except (OwnAccount, AboveYou):
        return False
    return True
