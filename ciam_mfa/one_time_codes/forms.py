"""The forms of codes by text message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm

LONGEST_NUMBER = 40


class NumberForm(CiamForm):
    """A number is read by the flow: where none is typed well, the refusal stands beside the field."""

    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("With the country code, like +44 7700 900123."),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "dir": "ltr", "autocomplete": "tel", "enterkeyhint": "send"}
        ),
    )


class TextedCodeForm(CiamForm):
    """The code in the newest message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "enterkeyhint": "go"}),
    )
