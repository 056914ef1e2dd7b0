"""The forms of the phone pages."""

from django import forms
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.forms import AccountForm, NewAccountForm
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.settings import conf


class PhoneField(forms.CharField):
    """A number is read by the flow: where none is typed well, the refusal stands beside the field."""

    def __init__(self, *, autocomplete: str = "tel", enterkeyhint: str = "send") -> None:
        attrs = {"type": "tel", "inputmode": "tel", "dir": "ltr"}
        super().__init__(
            label=_("Mobile number"),
            max_length=LONGEST,
            widget=forms.TextInput(attrs={**attrs, "autocomplete": autocomplete, "enterkeyhint": enterkeyhint}),
            error_messages={"required": _("Enter your mobile number.")},
        )

    def get_bound_field(self, form: BaseForm, field_name: str) -> forms.BoundField:
        if not conf().PHONE_REGION:
            self.help_text = _("With the country code, like +44 7700 900123.")
        return super().get_bound_field(form, field_name)


class PhoneForm(AccountForm):
    phone = PhoneField()


class PhoneSignUpForm(NewAccountForm):
    phone = PhoneField(autocomplete="username", enterkeyhint="next")
