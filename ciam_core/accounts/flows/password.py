"""Changing the password while signed in, and confirming it before something that matters."""

from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts.exceptions import PasswordWrong
from ciam_core.accounts.mail import mail_alarm
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.passwords import AcceptedPassword, accept_password, store_password
from ciam_core.accounts.phones.texting import number_to_tell, text_notice
from ciam_core.accounts.queries import addresses_of
from ciam_core.events import SignInRejected
from ciam_core.kernel.flow import flow, remember
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.revocation import end_all_access
from ciam_core.passwords.queries import verify_password
from ciam_core.throttling.doors import reserve_confirmation


@sensitive_variables()
def confirm_password(user: AbstractCustomer, *, password: str, origin: Origin) -> None:
    """Check the present password of somebody signed in. Raises ``PasswordWrong`` or ``TooManyAttempts``."""
    attempt = reserve_confirmation(str(user.pk), user.email or "", origin=origin)
    if not verify_password(user, password):
        event = SignInRejected(subject_id=str(user.pk), method="password", reason="confirmation", origin=origin)
        refusal = PasswordWrong(record=event)
        remember(refusal)
        raise refusal
    attempt.succeed()


@sensitive_variables()
def change_password(user: AbstractCustomer, *, current: str, new: str, origin: Origin) -> None:
    """Replace the password; all other sessions and every outstanding link end, and the owner is told.

    ``current`` is not asked of an account that has none. Raises ``PasswordWrong`` or ``PasswordRefused``.
    """
    if user.has_usable_password():
        confirm_password(user, password=current, origin=origin)
    verified = user.password
    accepted = accept_password(new, about=[row.email for row in addresses_of(user)])
    told = number_to_tell(user, origin=origin)
    _change(user, accepted, replaces=verified, told=told, origin=origin)


@flow
def _change(
    user: AbstractCustomer, accepted: AcceptedPassword, *, replaces: str, told: str | None, origin: Origin
) -> None:
    store_password(user, accepted, replaces=replaces, reason="changed", origin=origin)
    end_all_access(user, reason="password_changed", spare=origin)
    if user.email:
        mail_alarm("password_changed", user, to=user.email, origin=origin)
    elif told:
        text_notice("password_changed", user, to=told, origin=origin)
