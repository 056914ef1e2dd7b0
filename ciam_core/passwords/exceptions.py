"""Why a password was refused, or could not be checked now.

InvalidError
└── PasswordRefused        the base a form or an API catches; ``field`` is "password"
    ├── PasswordTooShort   details: ``min_length``
    ├── PasswordTooLong    details: ``max_length``
    ├── PasswordContextual made of the person's own address or name, or the product's
    ├── PasswordCommon     among the worst passwords, or one of them repeated
    └── PasswordBreached   found in a published breach
ThrottledError
└── HashingBusy            every hashing slot of this process was taken for too long
"""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ciam_core.kernel.exceptions import InvalidError, ThrottledError

__all__ = [
    "HashingBusy",
    "PasswordBreached",
    "PasswordCommon",
    "PasswordContextual",
    "PasswordRefused",
    "PasswordTooLong",
    "PasswordTooShort",
]


class PasswordRefused(InvalidError):
    code = "password.refused"
    message = _("This password cannot be used. Choose another one.")
    field = "password"


class PasswordTooShort(PasswordRefused):
    code = "password.too_short"

    def __init__(self, *, min_length: int) -> None:
        super().__init__(min_length=min_length)
        text = ngettext_lazy("Use at least {count} character.", "Use at least {count} characters.", min_length)
        self.message = format_lazy(text, count=min_length)


class PasswordTooLong(PasswordRefused):
    code = "password.too_long"

    def __init__(self, *, max_length: int) -> None:
        super().__init__(max_length=max_length)
        text = ngettext_lazy("Use at most {count} character.", "Use at most {count} characters.", max_length)
        self.message = format_lazy(text, count=max_length)


class PasswordContextual(PasswordRefused):
    code = "password.contextual"
    message = _("This is too close to your name, your email address or our name. Choose another password.")


class PasswordCommon(PasswordRefused):
    code = "password.common"
    message = _("Many people use this password, so it is guessed first. Choose another one.")


class PasswordBreached(PasswordRefused):
    code = "password.breached"
    message = _("This password has appeared in a data breach elsewhere, so others know it. Choose another one.")


class HashingBusy(ThrottledError):
    code = "password.busy"
    message = _("Many people are signing in right now. Wait a moment, then try again.")
