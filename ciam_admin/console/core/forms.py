"""What staff type."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.events import Event
from ciam_core.kernel.origin import Channel

REASONS = {
    "abuse": _("Abuse"),
    "customer_request": _("The person asked us to"),
    "fraud": _("Fraud"),
    "legal": _("Legal duty"),
    "lost": _("The person lost them"),
    "mistake": _("It was a mistake"),
    "other": _("Another reason"),
    "resolved": _("It is resolved"),
    "security": _("Security of the account"),
}
"""Words for the codes that ship; a host's own code is shown as it is."""

RECENT = timedelta(days=7)


def reason_field(codes: tuple[str, ...]) -> forms.ChoiceField:
    choices = [("", "—"), *((code, REASONS.get(code, code)) for code in codes)]
    return forms.ChoiceField(label=_("Reason"), choices=choices)


class ConfirmForm(forms.Form):
    """A button, and a reason where ``reasons`` are given."""

    def __init__(self, data: Any = None, *, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        if reasons:
            self.fields["reason"] = reason_field(reasons)


class RevealForm(ConfirmForm):
    # Nothing a sentence, an address or a phone number fits into: the trail keeps it in clear of nobody's name.
    ticket = forms.CharField(
        label=_("Case number"),
        required=False,
        max_length=20,
        help_text=_("Optional: the number of the case at your help desk, such as SUP-1234."),
        validators=[RegexValidator(r"^#?([A-Za-z]{1,10}[-/])?[0-9]{1,8}$", _("Enter a number such as SUP-1234."))],
    )
    field_order = ("reason", "ticket")

    def __init__(self, data: Any = None, *, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(data, reasons=reasons)
        self.order_fields(self.field_order)


class TrailForm(forms.Form):
    """The filters of the trail, and what is exported of it."""

    name = forms.ChoiceField(label=_("Event"), required=False)
    subject = forms.RegexField(r"^[\w:.-]{1,64}$", label=_("Person (id)"), required=False)
    actor = forms.RegexField(r"^[\w:.-]{1,64}$", label=_("Done by (id)"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All")), *((own.value, own.value) for own in Channel)]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="trail_%s")
        names = [(name, name) for name in sorted(_names(Event))]
        self.fields["name"].choices = [("", _("All")), *names]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Without a person, an actor or a day to begin with, the last 7 days: a name alone has no index."""
        given = super().clean() or {}
        if not (given.get("subject") or given.get("actor") or given.get("since")) and not self.errors:
            given["since"] = timezone.localdate() - RECENT
        return given


def _names(kind: type[Event]) -> set[str]:
    below = {name for child in kind.__subclasses__() for name in _names(child)}
    return below | ({kind.name} if "name" in vars(kind) else set())
