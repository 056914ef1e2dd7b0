"""What a signed-in person sees first, and their profile."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from ciam_core.accounts.adapter import home_of
from ciam_core.accounts.attributes import Attribute
from ciam_core.accounts.forms import ProfileForm
from ciam_core.accounts.naming import display_name
from ciam_core.accounts.profile.flows import edit_profile
from ciam_core.accounts.profile.queries import profile_of, readable
from ciam_core.accounts.queries import addresses_of
from ciam_core.accounts.rows import password_row
from ciam_core.accounts.views.base import InsideFormPage, InsidePage
from ciam_core.kernel.context import overview_rows
from ciam_core.kernel.required_actions import while_pending
from ciam_core.settings import conf


class Overview(InsidePage):
    template_name = "ciam_core/accounts/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.person
        addresses = list(addresses_of(user))
        kwargs |= {"display_name": display_name(user), "suggestion": _suggestion(addresses), "rows": _rows(user)}
        return super().get_context_data(**kwargs)


def _rows(user: Any) -> list[dict[str, Any]]:
    value, action = (user.email, _("Manage")) if user.email else (_("None"), _("Add"))
    email = {"label": _("Email"), "value": value, "url": reverse("ciam_addresses"), "action": action}
    rows = [email, password_row(user)]
    if readable("customer"):
        rows.append({"label": _("Profile"), "value": _given(user), "url": reverse("ciam_profile"), "action": _("View")})
    return rows + [row for show in overview_rows if (row := show(user))]


def _given(user: Any) -> str:
    known = profile_of(user, reader="customer")
    given = sum(value is not None for value in known.values())
    # Translators: how many of the questions of their profile somebody has answered, such as "2 of 5 given".
    return _("%(given)d of %(all)d given") % {"given": given, "all": len(known)}


def _suggestion(addresses: list[Any]) -> dict[str, Any] | None:
    """The one thing worth doing now, or nothing."""
    if any(not address.verified for address in addresses):
        return {
            "title": _("Confirm your other address"),
            "text": _("Until it is confirmed, it cannot bring you back into your account."),
            "url": reverse("ciam_addresses"),
            "action": _("See addresses"),
        }
    if not addresses:
        return {
            "title": _("Add an email address"),
            "text": _("If you lose your number, an address is how you come back, and how we tell you what happens."),
            "url": reverse("ciam_addresses"),
            "action": _("Add an address"),
        }
    if len(addresses) == 1:
        return {
            "title": _("Add a second address"),
            "text": _("If you lose your mailbox, a second address is how you come back."),
            "url": reverse("ciam_addresses"),
            "action": _("Add an address"),
        }
    return None


class Profile(InsidePage):
    template_name = "ciam_core/accounts/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = profile_of(self.person, reader="customer")
        rows = [_row(own, known[name]) for name, own in readable("customer").items()]
        return super().get_context_data(rows=rows, **kwargs)


def _row(attribute: Attribute, value: Any) -> dict[str, Any]:
    editable = "customer" in attribute.write
    return {
        "label": attribute.label,
        "value": _shown(attribute, value),
        "help": attribute.help,
        "url": reverse("ciam_edit_attribute", args=[attribute.name]) if editable else "",
        "action": (_("Change") if value is not None else _("Add")) if editable else "",
    }


def _shown(attribute: Attribute, value: Any) -> str:
    if value is None:
        return ""
    if attribute.type == "choice":
        return str(dict(attribute.choices).get(value, value))
    if attribute.type == "boolean":
        return _("Yes") if value else _("No")
    if attribute.type == "date":
        return str(formats.date_format(value))
    return str(value)


class EditAttribute(InsideFormPage):
    """One attribute on a page of its own."""

    template_name = "ciam_core/accounts/edit_profile.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        attribute = conf().attributes.get(kwargs["name"])
        if attribute is None or "customer" not in attribute.write:
            raise Http404
        self.attribute = attribute
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> ProfileForm:
        return ProfileForm(
            self.request.POST or None,
            attributes=[self.attribute],
            required=self.attribute.required == "sign_up",
            initial=profile_of(self.person, reader="customer"),
        )

    def act(self, form: ProfileForm) -> HttpResponse:
        edit_profile(self.person, form.profile, editor="customer", origin=self.origin)
        messages.success(self.request, _("Saved."))
        return redirect("ciam_profile")


@method_decorator(while_pending, name="dispatch")
class CompleteProfile(InsideFormPage):
    """Reached when a page of the product needs attributes it has not been given (``require_attributes``)."""

    template_name = "ciam_core/accounts/complete_profile.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.wanted = _asked(request.GET.get("attributes", ""))
        if request.user.is_authenticated and not self.wanted:
            return redirect(self.next_url or "ciam_profile")
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> ProfileForm:
        return ProfileForm(self.request.POST or None, attributes=self.wanted, required=True)

    def act(self, form: ProfileForm) -> HttpResponse:
        edit_profile(self.person, form.profile, editor="customer", origin=self.origin)
        return redirect(self.next_url or home_of(self.person))


def _asked(names: str) -> list[Attribute]:
    schema = conf().attributes
    return [schema[name] for name in names.split(",") if name in schema and "customer" in schema[name].write]
