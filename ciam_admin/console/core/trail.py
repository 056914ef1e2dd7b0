"""The audit trail in the admin: filtered, read, exported; its sealed part opened with a reason."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciam_admin.console.core.export import FORMATS, lines_of
from ciam_admin.console.core.filters import chosen, narrowed
from ciam_admin.console.core.flows import record_export, reveal_event
from ciam_admin.console.core.forms import RevealForm, TrailForm
from ciam_admin.console.core.person_pages import REVEAL
from ciam_admin.console.paging import KeysetAdmin, KeysetChangeList
from ciam_admin.settings import conf
from ciam_core.kernel.http import origin_of
from ciam_core.models import AbstractCustomer, AuditEvent

EXPORT = "ciam_admin.export_trail"


class TrailChangeList(KeysetChangeList):
    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        own = super().get_filters_params(params)
        return {name: value for name, value in own.items() if name not in TrailForm.base_fields}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        self.form = TrailForm(request.GET)
        return narrowed(rows, self.form.cleaned_data) if self.form.is_valid() else rows.none()


class TrailAdmin(KeysetAdmin):
    change_list_template = "ciam_admin/trail.html"
    change_form_template = "ciam_admin/event.html"
    list_display = ("when", "event", "subject", "actor", "via")
    fields = readonly_fields = ("identifier", "event", "when", "subject", "actor", "via")

    @admin.display(description=gettext_lazy("ID"))
    def identifier(self, row: AuditEvent) -> str:
        return str(row.pk)

    @admin.display(description=gettext_lazy("when"))
    def when(self, row: AuditEvent) -> Any:
        return row.occurred_at

    @admin.display(description=gettext_lazy("event"))
    def event(self, row: AuditEvent) -> str:
        return row.name

    @admin.display(description=gettext_lazy("channel"))
    def via(self, row: AuditEvent) -> str:
        return row.channel

    @admin.display(description=gettext_lazy("person"))
    def subject(self, row: AuditEvent) -> str:
        return row.subject_id or "—"

    @admin.display(description=gettext_lazy("done by"))
    def actor(self, row: AuditEvent) -> str:
        return row.actor_id or "—"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TrailChangeList

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("export/", view(self.export_view), name="ciam_core_auditevent_export"),
            path("<uuid:object_id>/reveal/", view(self.reveal_view), name="ciam_core_auditevent_reveal"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        export = {"formats": FORMATS} if request.user.has_perm(EXPORT) else {}
        own = {"title": _("Audit trail"), **export, **(extra_context or {})}
        return super().changelist_view(request, own)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        reveal = request.user.has_perm(REVEAL)
        own = {"title": _("Event"), "subtitle": None, "may_reveal": reveal, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, own)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A row of the trail has none."""
        return redirect("admin:ciam_core_auditevent_change", object_id)

    def reveal_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Ask for a reason; answer it with what is sealed, in this one response."""
        self._require(request, REVEAL)
        row = AuditEvent.objects.filter(pk=object_id).first()
        if row is None:
            raise Http404
        form = RevealForm(request.POST if request.method == "POST" else None, reasons=conf().REVEAL_REASONS)
        page = {"form": form, "title": _("Show what is sealed"), "button": _("Show")}
        if form.is_valid():
            actor = cast(AbstractCustomer, request.user)
            details = reveal_event(row, **form.cleaned_data, actor=actor, origin=origin_of(request))
            page = {"details": details, "title": _("Event")}
        template = "ciam_admin/revealed_event.html" if "details" in page else "ciam_admin/confirm.html"
        page["question"] = _("You see what this event holds, once. That you did is recorded.")
        page["back_url"] = reverse("admin:ciam_core_auditevent_change", args=[row.pk])
        common = {**self.admin_site.each_context(request), "opts": self.opts, "original": row}
        return TemplateResponse(request, template, {**common, **page})

    def export_view(self, request: HttpRequest) -> Any:
        """What the filters find, row by row, without what is sealed."""
        self._require(request, EXPORT)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form, form_name = TrailForm(request.POST), request.POST.get("format", "")
        if form_name not in FORMATS or not form.is_valid():
            return redirect(f"{reverse('admin:ciam_core_auditevent_changelist')}?{urlencode(_given(request))}")
        given = form.cleaned_data
        actor = cast(AbstractCustomer, request.user)
        event = record_export(
            form=form_name,
            subject_id=given.get("subject") or None,
            filters=chosen(given),
            actor=actor,
            origin=origin_of(request),
        )
        rows = narrowed(AuditEvent.objects.filter(pk__lt=event.id), given)
        response = StreamingHttpResponse(lines_of(rows, form_name), content_type=FORMATS[form_name])
        response["Content-Disposition"] = f'attachment; filename="trail.{form_name}"'
        return response

    def _require(self, request: HttpRequest, permission: str) -> None:
        if not (request.user.has_perm(permission) and self.has_view_permission(request)):
            raise PermissionDenied


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in TrailForm.base_fields if request.POST.get(name)}
