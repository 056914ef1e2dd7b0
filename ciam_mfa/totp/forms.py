"""The forms of authenticator apps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm
from ciam_mfa.factors.naming import LONGEST_NAME


class TotpForm(CiamForm):
    """The code the app shows."""

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "enterkeyhint": "go"}),
    )


class FirstCodeForm(TotpForm):
    """And what to call the app, which tells two of them apart."""

    name = forms.CharField(
        label=_("Name of the app or device"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
