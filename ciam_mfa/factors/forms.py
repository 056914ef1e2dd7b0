"""The form that names an authenticator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm
from ciam_mfa.factors.naming import LONGEST_NAME


class NameForm(CiamForm):
    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
