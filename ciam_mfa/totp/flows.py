"""Enrolling an authenticator app: a secret is made, and counts once the app has shown a code for it."""

from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import EnrolmentExpired
from ciam_mfa.factors.attempts import reserve_try
from ciam_mfa.factors.flows import add, lock, require_room
from ciam_mfa.factors.naming import tidy_name
from ciam_mfa.factors.queries import key_of
from ciam_mfa.totp.codes import new_secret
from ciam_mfa.totp.factor import RightCode, totp
from ciam_mfa.totp.models import TotpAuthenticator
from ciam_mfa.totp.queries import pending_totp


@flow
def start_totp(user: User, *, origin: Origin) -> TotpAuthenticator:
    """Make a secret for a new app, in the place of one that was not confirmed. Raises ``TooManyAuthenticators``."""
    lock(user)
    require_room(user, totp)
    TotpAuthenticator.objects.filter(user_id=user.pk, confirmed=False).delete()
    waiting = TotpAuthenticator(user_id=user.pk, secret=new_secret())
    waiting.save(force_insert=True)
    return waiting


@sensitive_variables()
def confirm_totp(user: User, *, code: str, name: str = "", origin: Origin) -> TotpAuthenticator:
    """The app shows ``code``: from now on it is asked for.

    Raises ``AnswerRejected``, ``EnrolmentExpired``, ``TooManyAttempts`` or ``TooManyAuthenticators``.
    """
    waiting = pending_totp(user)
    attempt = reserve_try(key_of(waiting, totp))
    found = totp.evaluate(waiting, {"code": code}, state={})
    attempt.succeed()
    return _confirm(user, waiting, found, name=name, origin=origin)


@flow
def _confirm(
    user: User, waiting: TotpAuthenticator, found: RightCode, *, name: str, origin: Origin
) -> TotpAuthenticator:
    lock(user)
    require_room(user, totp)
    waiting.name, waiting.confirmed = tidy_name(name, totp), True
    unconfirmed = TotpAuthenticator.objects.filter(pk=waiting.pk, confirmed=False)
    if not unconfirmed.update(name=waiting.name, confirmed=True):
        raise EnrolmentExpired()
    totp.spend(waiting, found, origin=origin)
    add(user, totp, waiting, origin=origin)
    return waiting
