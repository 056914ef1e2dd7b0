"""The forms of passkeys: what the page's script, or an app, hands in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm
from ciam_mfa.factors.naming import LONGEST_NAME

_ABSENT = _("Your browser did not hand over a passkey. Try again, or use another way.")


class CredentialField(forms.JSONField):
    """A ``PublicKeyCredential`` as JSON: a text from a page, an object from a program. It is never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(error_messages={"required": _ABSENT, "invalid": _ABSENT}, **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value)
        except (RecursionError, ValueError):  # too deep, or a number too long to be one
            raise ValidationError(self.error_messages["invalid"], "invalid") from None
        if read is not None and not isinstance(read, dict):
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""

    def prepare_value(self, value: Any) -> str:
        return ""


class PasskeyForm(CiamForm):
    """Says so where a browser cannot fill it in. What is wrong with the hidden field is told above the others."""

    template_name = "ciam_mfa/passkeys/form.html"
    credential = CredentialField()

    def get_context(self) -> dict[str, Any]:
        above = [*self.non_field_errors(), *self.errors.get("credential", [])] if self.is_bound else []
        return {**super().get_context(), "errors": above}


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("So that you know later which one it is. Leave it empty, and we find one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
