"""The form of recovery codes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm
from ciam_mfa.recovery_codes.codes import LONGEST


class RecoveryCodeForm(CiamForm):
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "enterkeyhint": "go",
                "dir": "ltr",
            }
        ),
    )
