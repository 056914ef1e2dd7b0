from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.forms import CiamForm


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
        iban = "".join(self.cleaned_data["iban"].split()).upper()
        if not is_iban(iban):
            raise ValidationError(_("This is not a complete IBAN. Check it for a mistyped or missing character."))
        return iban


def is_iban(iban: str) -> bool:
    """ISO 13616-1:2020 §6.1: the country, two check digits and the account, which leave 1 modulo 97."""
    if not (15 <= len(iban) <= 34 and iban.isascii() and iban.isalnum() and iban[:2].isalpha() and iban[2:4].isdigit()):
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
