from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.forms import AccountForm


class DeviceNameForm(AccountForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("Such as “My phone”. Empty: we call it by what it is."),
    )
