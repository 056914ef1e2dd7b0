from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm
from example_project.shop.payouts import tidy_iban


class CheckoutForm(CiamForm):
    request = forms.UUIDField(widget=forms.HiddenInput)


class PayoutForm(CiamForm):
    holder = forms.CharField(
        label=_("Account holder"), max_length=140, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=42,
        help_text=_("It stands on your card or bank statement and begins with two letters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_iban(self) -> str:
        return tidy_iban(self.cleaned_data["iban"])
