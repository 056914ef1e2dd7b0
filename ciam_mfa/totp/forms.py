"""The forms of authenticator apps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm


class TotpForm(CiamForm):
    """The code the app shows."""

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "enterkeyhint": "go"}),
    )
