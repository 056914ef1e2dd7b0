from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.attempts import TooManyAttempts


class PasswordClosed(TooManyAttempts):
    """``PASSWORD_CEILING`` wrong passwords in a row, for an account or for an address without one."""

    code = "password.closed"
    message = _("Too many wrong passwords. Get a code by email, or set a new password.")

    def __str__(self) -> str:
        return str(self.message)
