"""Giving the password again, where Django's own is all there is."""

from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.attempts import reserve
from ciam_core.kernel.flow import require_no_transaction
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import PasswordRejected
from ciam_mfa.step_up.budgets import confirm_password as budget


@sensitive_variables()
def confirm_password(user: User, *, password: str) -> None:
    """Raises ``PasswordRejected`` or ``TooManyAttempts``."""
    require_no_transaction("Hashing")
    attempt = reserve((budget(), str(user.pk)))
    if not user.check_password(password):
        raise PasswordRejected()
    attempt.succeed()
