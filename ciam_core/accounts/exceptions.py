from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import ConflictError, ForbiddenError, InvalidError


class SignInRefused(InvalidError):
    """The same for a wrong password, an unknown address and an account without a password."""

    code = "sign_in.refused"
    message = _("The address or the password is not right. Check both, or get a code by email.")
    field = "password"


class PasswordWrong(InvalidError):
    code = "password.wrong"
    message = _("This is not your current password.")
    field = "current_password"


class AccountUnavailable(ForbiddenError):
    """Told only to somebody who has proven to be its owner."""

    code = "account.unavailable"
    message = _("This account cannot be used at the moment.")


class StateChanged(ConflictError):
    """Asked for in a state from which this is no way: suspended meanwhile, back already, erased."""

    code = "account.state_changed"
    message = _("Your account has changed meanwhile. Sign in again.")


class ReasonUnknown(InvalidError):
    """A code that the settings do not list."""

    code = "account.reason_unknown"
    message = _("Choose one of the reasons.")
    field = "reason"


class SignUpClosed(ForbiddenError):
    code = "sign_up.closed"
    message = _("You cannot sign up with this address here.")
    field = "email"


class AddressTaken(ConflictError):
    """Only after the address has been proven: until then nobody learns of it."""

    code = "address.taken"
    message = _("This address belongs to another account now. Use another one.")
    field = "email"


class AddressKept(ConflictError):
    code = "address.primary"
    message = _("This is the address your mail goes to. Make another one primary first.")


class AddressUnproven(ConflictError):
    code = "address.unverified"
    message = _("Confirm this address first.")


class TooManyAddresses(ConflictError):
    code = "address.too_many"
    message = _("You have as many addresses as an account can hold. Remove one first.")
    field = "email"


class AddressYours(ConflictError):
    code = "address.yours"
    message = _("This address is in your account already.")
    field = "email"


class RecentSignInNeeded(ForbiddenError):
    """The session is signed in, but not lately enough for this. ``back``: where a person goes on afterwards."""

    code = "recent_sign_in_required"
    message = _("Confirm that it is you, then try again.")

    def __init__(self, *, back: str = "") -> None:
        super().__init__()
        self._back = back

    @property
    def way_on(self) -> str:
        return f"{reverse('ciam_reauthenticate')}?{urlencode({'next': self._back})}"
