"""People in the admin: found by what identifies them, shown masked, changed by flows only."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciam_admin.console.core.actions import ACTIONS, offered
from ciam_admin.console.core.flows import change_rights, reveal_person
from ciam_admin.console.core.forms import ConfirmForm, RevealForm
from ciam_admin.console.core.queries import found_people, latest_devices, latest_events, latest_sessions
from ciam_admin.console.core.rules import require_above
from ciam_admin.console.paging import KeysetAdmin
from ciam_admin.exceptions import AboveYou, OwnAccount
from ciam_admin.settings import conf
from ciam_core.accounts.profile.queries import readable
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.http import origin_of
from ciam_core.messages.masking import mask_address
from ciam_core.models import AbstractCustomer, ProfileValue
from ciam_core.queries import addresses_of, person, phones_of
from ciam_core.sessions.overview import in_words

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
REVEAL = "ciam_admin.view_personal_data"
HIDDEN = "•••••"


class PeopleAdmin(KeysetAdmin):
    change_form_template = "ciam_admin/person.html"
    list_display = ("identifier", "masked_address", "state", "is_staff", "date_joined")
    search_fields = ("pk",)  # turns the box on; ``get_search_results`` looks elsewhere
    search_help_text = gettext_lazy(
        "An id, an email address or its beginning, or the whole of a phone number or of a searchable attribute."
    )
    fieldsets = (
        (None, {"fields": ("identifier", "masked_address", "state", "date_joined")}),
        (gettext_lazy("Rights"), {"fields": RIGHTS}),
    )
    readonly_fields = ("identifier", "masked_address", "state", "date_joined")
    filter_horizontal = ("groups", "user_permissions")

    @admin.display(description=gettext_lazy("ID"))
    def identifier(self, user: AbstractCustomer) -> str:
        return str(user.pk)

    @admin.display(description=gettext_lazy("primary address"))
    def masked_address(self, user: AbstractCustomer) -> str:
        return mask_address(user.email) if user.email else "—"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(pk__in=found_people(search_term)) if search_term.strip() else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of rights alone, by a superuser, and never one's own."""
        me = cast(AbstractCustomer, request.user)
        return bool(me.is_active and me.is_superuser and obj is not None and obj.pk != me.pk)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user_permissions":
            permissions = db_field.remote_field.model._default_manager
            kwargs.setdefault("queryset", permissions.select_related("content_type"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in RIGHTS}
        change_rights(obj, **given, actor=cast(AbstractCustomer, request.user), origin=origin_of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: ``change_rights`` has."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        user = person(object_id)
        shown = self._shown(request, user) if user and self.has_view_permission(request, user) else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The admin's own log names its authors by their address; the trail knows more, and names nobody."""
        return redirect(f"{reverse('admin:ciam_core_auditevent_changelist')}?subject={object_id}")

    def get_urls(self) -> list[Any]:
        names = (self.opts.app_label, self.opts.model_name)
        view = self.admin_site.admin_view
        own = [
            path("<uuid:object_id>/reveal/", view(self.reveal_view), name="{}_{}_reveal".format(*names)),
            path("<uuid:object_id>/act/<slug:name>/", view(self.action_view), name="{}_{}_act".format(*names)),
        ]
        return own + super().get_urls()

    def reveal_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask for a reason; answer it with the values, in this one response. ``admin_view`` lets no cache keep it."""
        user = self._acted_on(request, object_id, allowed=request.user.has_perm(REVEAL))
        form = RevealForm(request.POST if request.method == "POST" else None, reasons=conf().REVEAL_REASONS)
        if form.is_valid():
            actor = cast(AbstractCustomer, request.user)
            revealed = reveal_person(user, **form.cleaned_data, actor=actor, origin=origin_of(request))
            labels = readable("staff")
            profile = [(labels[name].label, value) for name, value in revealed.profile.items() if value is not None]
            page = {"revealed": revealed, "profile": profile, "title": _("Personal data")}
            return self._page(request, user, "ciam_admin/revealed.html", page)
        question = _("You see addresses, phone numbers, profile and latest activity once. That you did is recorded.")
        page = {"form": form, "question": question, "title": _("Show personal data"), "button": _("Show")}
        return self._page(request, user, "ciam_admin/confirm.html", page)

    def action_view(self, request: HttpRequest, object_id: Any, name: str) -> HttpResponse:
        """Ask, then run the one flow behind the action."""
        action = next((own for own in ACTIONS if own.name == name), None)
        if action is None:
            raise Http404
        user = self._acted_on(request, object_id, allowed=action.allowed(request.user))
        form = ConfirmForm(request.POST if request.method == "POST" else None, reasons=action.codes)
        if form.is_valid():
            try:
                action.run(user, **form.cleaned_data, actor=request.user, origin=origin_of(request))
            except CiamError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(action.done))
                return redirect(self._url_of(user))
        page = {"form": form, "question": action.question, "title": action.label, "button": action.label}
        return self._page(request, user, "ciam_admin/confirm.html", page)

    def _acted_on(self, request: HttpRequest, object_id: Any, *, allowed: bool) -> AbstractCustomer:
        if not allowed or not self.has_view_permission(request):
            raise PermissionDenied
        user = person(str(object_id))
        if user is None:
            raise Http404
        require_above(request.user, user)
        return user

    def _shown(self, request: HttpRequest, user: AbstractCustomer) -> dict[str, Any]:
        known = set(ProfileValue.objects.filter(user_id=user.pk).values_list("attribute", flat=True))
        profile = [(own.label, HIDDEN if name in known else "—") for name, own in readable("staff").items()]
        held = [(mask_address(row.email), row.primary, row.verified) for row in addresses_of(user)]
        may_act = _may_act(request, user)
        links = [(own.label, self._url_of(user, "act", own.name)) for own in offered(request.user, user) if may_act]
        return {
            "title": _("Person"),
            "subtitle": None,
            "addresses": held,
            "profile": profile,
            "phones": list(phones_of(user)),
            "sessions": [(in_words(row.agent), row) for row in latest_sessions(user)],
            "devices": [(in_words(row.agent), row) for row in latest_devices(user)],
            "activity": latest_events(user),
            "actions": links,
            "reveal_url": self._url_of(user, "reveal") if may_act and request.user.has_perm(REVEAL) else "",
        }

    def _page(self, request: HttpRequest, user: Any, template: str, context: dict[str, Any]) -> HttpResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "original": user}
        return TemplateResponse(request, template, {**common, "back_url": self._url_of(user), **context})

    def _url_of(self, user: Any, page: str = "change", *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=(user.pk, *args))


def _may_act(request: HttpRequest, user: AbstractCustomer) -> bool:
    try:
        require_above(request.user, user)
    except (OwnAccount, AboveYou):
        return False
    return True
