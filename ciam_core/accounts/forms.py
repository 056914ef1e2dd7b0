"""The forms of the account pages. They read input; what is allowed is for the flows to say."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.attributes import Attribute
from ciam_core.accounts.normalising import AddressRefused, normalise_address
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.forms import CiamForm
from ciam_core.settings import conf


class AccountForm(CiamForm):
    def refuse(self, refusal: CiamError) -> None:
        if isinstance(refusal, ProfileRefused):
            for name, problems in refusal.problems.items():
                self._beside(name, [ValidationError(own["message"], own["code"]) for own in problems])
        else:
            super().refuse(refusal)


class AddressField(forms.CharField):
    """An address in the one spelling it is stored in; what is none is said beside the field, with all other errors."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normalise_address(typed)
        except AddressRefused as refusal:
            raise ValidationError(str(refusal), refusal.code) from refusal


def email_field(kind: type[forms.CharField] = AddressField, **attrs: Any) -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "enterkeyhint": "next", "maxlength": 254, **attrs})
    missing = {"required": _("Enter your email address.")}
    return kind(label=_("Email address"), max_length=320, widget=widget, error_messages=missing)


def password_field(label: Any, autocomplete: str, **attrs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, **attrs})
    return forms.CharField(label=label, strip=False, max_length=1024, widget=widget)


def new_password_field(label: Any = None) -> forms.CharField:
    return password_field(label or _("New password"), "new-password", minlength=conf().PASSWORD_MIN_LENGTH)


class EmailForm(AccountForm):
    email = email_field()


class SignInForm(AccountForm):
    email = email_field(forms.CharField, autocomplete="username webauthn")
    password = password_field(_("Password"), "current-password", enterkeyhint="go")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if conf().phones_may("sign_up"):
            field = self.fields["email"]
            field.label, field.widget.input_type = _("Email address or mobile number"), "text"
            field.error_messages["required"] = _("Enter your email address or mobile number.")


class CodeForm(AccountForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "enterkeyhint": "go"}),
    )


class NewAccountForm(AccountForm):
    """What every sign-up asks, beneath where the person is reached."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [own for own in conf().attributes.values() if own.required == "sign_up"]
        self.fields["password"] = new_password_field(_("Password"))
        self.fields.update({own.name: own.field(required=True) for own in self.asked})

    @property
    def profile(self) -> dict[str, Any]:
        return {own.name: own.to_json(self.cleaned_data.get(own.name)) for own in self.asked}


class SignUpForm(NewAccountForm):
    email = email_field()


class NewPasswordForm(AccountForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = new_password_field()


class RecoverForm(CodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = new_password_field()


class ConfirmPasswordForm(AccountForm):
    beside: ClassVar[dict[str, str]] = {"current_password": "password"}

    password = password_field(_("Password"), "current-password", enterkeyhint="go")


class ChangePasswordForm(AccountForm):
    beside: ClassVar[dict[str, str]] = {"password": "new_password"}

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.fields["current_password"] = password_field(_("Current password"), "current-password")
        self.fields["new_password"] = new_password_field()


class ProfileForm(AccountForm):
    """A field for each of ``attributes``; ``required`` when the product asks for them now."""

    def __init__(self, *args: Any, attributes: list[Attribute], required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attributes = attributes
        self.fields.update({own.name: own.field(required=required) for own in attributes})

    @property
    def profile(self) -> dict[str, Any]:
        return {own.name: own.to_json(self.cleaned_data.get(own.name)) for own in self.attributes}


class AddressForm(AccountForm):
    email = email_field(autocomplete="email", enterkeyhint="send")
