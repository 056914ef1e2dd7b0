"""The forms of the phone pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.forms import AccountForm
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.settings import conf


class PhoneForm(AccountForm):
    """A number is read by the flow: where none is typed well, the refusal stands beside the field."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "enterkeyhint": "send", "dir": "ltr"}
        ),
        error_messages={"required": _("Enter your mobile number.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not conf().PHONE_REGION:
            self.fields["phone"].help_text = _("With the country code, like +44 7700 900123.")
