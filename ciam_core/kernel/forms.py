"""Forms that render through ``ciam_kernel/elements/``, whatever the host's ``FORM_RENDERER`` is."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from ciam_core.kernel.exceptions import CiamError

__all__ = ["CiamForm", "ElementField", "ElementRenderer"]


_WORDS = {
    "required": _("Fill this in to go on."),
    "invalid_choice": _("Choose one of these."),
    "min_length": ngettext_lazy(
        "Use at least %(limit_value)d character.", "Use at least %(limit_value)d characters.", "limit_value"
    ),
    "max_length": ngettext_lazy(
        "Use at most %(limit_value)d character.", "Use at most %(limit_value)d characters.", "limit_value"
    ),
}


class ElementField(BoundField):
    """A bound field that knows which element shows it and whether the cursor belongs in it."""

    form: "CiamForm"

    def __init__(self, form: "CiamForm", field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if self.new_password_length and not self.help_text:
            self.help_text = ngettext(
                "%(count)d character or more. A few words in a row work well.",
                "%(count)d characters or more. A few words in a row work well.",
                self.new_password_length,
            ) % {"count": self.new_password_length}

    @property
    def element(self) -> str:
        """How it looks: ``"code"``, ``"password"``, ``"check"``, ``"choices"``, ``"select"`` or ``"text"``."""
        widget = self.field.widget
        if widget.attrs.get("autocomplete") == "one-time-code":
            return "code"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if self.use_fieldset:
            return "choices"
        if isinstance(widget, forms.Select):
            return "text" if widget.allow_multiple_selected else "select"
        return "password" if isinstance(widget, forms.PasswordInput) else "text"

    @property
    def short_by(self) -> str:
        """What to say of a new password that lacks one, two, … characters, joined by ``|``; else empty."""
        return "|".join(
            # Translators: how many a password still lacks.
            ngettext("%(count)d more character", "%(count)d more characters", missing) % {"count": missing}
            for missing in range(1, self.new_password_length + 1)
        )

    @property
    def new_password_length(self) -> int:
        """How many characters a new password takes at least; 0 for every other field."""
        attrs = self.field.widget.attrs
        return int(attrs.get("minlength") or 0) if attrs.get("autocomplete") == "new-password" else 0

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        wrong = self.form.wrong_fields
        if wrong and wrong[0].name == self.name and not self.use_fieldset:
            attrs["autofocus"] = True
        return attrs


class ElementRenderer(DjangoTemplates):
    """Finds templates as pages do, the host's folders first; Django's own widgets where nobody overrides them."""

    form_template_name = "ciam_kernel/elements/form.html"
    field_template_name = "ciam_kernel/elements/field.html"
    bound_field_class = ElementField

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)


class CiamForm(forms.Form):
    """A form of the bundled pages: ``{{ form }}`` writes the summary of errors, then every field with its own.

    A password field whose widget has ``autocomplete="new-password"`` and a ``minlength`` says how long it must be and
    shows strength while typing; ``autocomplete="one-time-code"`` makes a field large. Fields that may stay empty are
    marked "(optional)".
    """

    default_renderer = ElementRenderer
    beside: ClassVar[dict[str, str]] = {}
    """Where a flow's name for an input differs from the field's name here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        for field in self.fields.values():
            _speak_plainly(field)
        super().full_clean()

    def refuse(self, refusal: CiamError) -> None:
        """Show ``refusal`` beside the field it speaks of, or above the form."""
        self._beside(refusal.field, [ValidationError(str(refusal), refusal.code)])

    def _beside(self, name: str | None, errors: list[ValidationError]) -> None:
        name = self.beside.get(name or "", name)
        self.add_error(name if name in self.fields else None, ValidationError(errors))

    @property
    def wrong_fields(self) -> list[ElementField]:
        """The visible fields with an error, in the order they are shown."""
        fields = cast("list[ElementField]", self.visible_fields())
        return [field for field in fields if field.errors] if self.is_bound else []


def _speak_plainly(field: forms.Field) -> None:
    """Our words where the field has Django's; a form's own ``error_messages`` stay."""
    theirs = type(field).default_error_messages
    for code, words in _WORDS.items():
        if field.error_messages.get(code) in (None, theirs.get(code), forms.Field.default_error_messages.get(code)):
            field.error_messages[code] = words
