"""People in the admin: found by what identifies them, shown masked, changed by flows only."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciam_admin.console.core.actions import offered
from ciam_admin.console.core.flows import change_rights
from ciam_admin.console.core.person_pages import REVEAL, PersonPages, may_act
from ciam_admin.console.core.queries import found_people, latest_events
from ciam_admin.console.tables import HIDDEN, person_tables
from ciam_core.accounts.profile.queries import readable
from ciam_core.kernel.http import origin_of
from ciam_core.messages.masking import mask_address
from ciam_core.models import AbstractCustomer, ProfileValue
from ciam_core.queries import addresses_of, person, phones_of

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class PeopleAdmin(PersonPages):
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

    def _shown(self, request: HttpRequest, user: AbstractCustomer) -> dict[str, Any]:
        known = set(ProfileValue.objects.filter(user_id=user.pk).values_list("attribute", flat=True))
        profile = [(own.label, HIDDEN if name in known else "—") for name, own in readable("staff").items()]
        held = [(mask_address(row.email), row.primary, row.verified) for row in addresses_of(user)]
        acting = may_act(request, user)
        links = [(own.label, self.url_of(user, "act", own.name)) for own in offered(request.user, user) if acting]
        return {
            "title": _("Person"),
            "subtitle": None,
            "addresses": held,
            "profile": profile,
            "phones": list(phones_of(user)),
            "tables": [*(own(user) for own in person_tables), *self.latest(request, user)],
            "activity": latest_events(user),
            "actions": links,
            "reveal_url": self.url_of(user, "reveal") if acting and request.user.has_perm(REVEAL) else "",
        }
