"""Accepting a new password and writing it down, for the flows that set one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts.exceptions import PasswordWrong
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.events import BreachCheckUnavailable, PasswordSet, PasswordVoided
from ciam_core.kernel.events import emit
from ciam_core.kernel.origin import Origin
from ciam_core.passwords.breached import is_breached
from ciam_core.passwords.exceptions import PasswordBreached
from ciam_core.passwords.policy import require_acceptable
from ciam_core.passwords.queries import hash_password


@dataclass(frozen=True)
class AcceptedPassword:
    """A password the policy let through, hashed. ``checked``: a breach corpus was asked and did not know it."""

    encoded: str = field(repr=False)
    checked: bool

    def columns(self) -> dict[str, Any]:
        """What is written of it with the person."""
        checked_at = timezone.now() if self.checked else None
        return {"password": self.encoded, "password_checked_at": checked_at, "password_breached_at": None}


@sensitive_variables()
def accept_password(password: str, *, about: Iterable[str]) -> AcceptedPassword:
    """Raises ``PasswordRefused``. Slow and outward (a hash, a look-up): never inside a transaction."""
    require_acceptable(password, about=about)
    breached = is_breached(password)
    if breached:
        raise PasswordBreached()
    return AcceptedPassword(hash_password(password), checked=breached is not None)


def store_password(
    user: AbstractCustomer, accepted: AcceptedPassword, *, replaces: str | None, reason: str, origin: Origin
) -> None:
    """Inside a flow: from now on this password opens the account.

    ``replaces``: the hash that was verified before; if another took its place meanwhile, ``PasswordWrong``.
    """
    if not write_password(user, accepted.columns(), replaces=replaces):
        raise PasswordWrong()
    tell_password(user, accepted, reason=reason, origin=origin)


def tell_password(user: AbstractCustomer, accepted: AcceptedPassword, *, reason: str, origin: Origin) -> None:
    """Inside a flow that has written it."""
    emit(PasswordSet(subject_id=str(user.pk), reason=reason, origin=origin))
    if not accepted.checked:
        emit(BreachCheckUnavailable(subject_id=str(user.pk), origin=origin))


def void_password(user: AbstractCustomer, *, origin: Origin) -> None:
    """Inside a flow: no password opens the account any more, and the sessions that one made end."""
    fields = {"password": make_password(None), "password_checked_at": None, "password_breached_at": None}
    write_password(user, fields, replaces=None)
    emit(PasswordVoided(subject_id=str(user.pk), origin=origin))


def write_password(user: AbstractCustomer, fields: dict[str, Any], *, replaces: str | None) -> bool:
    """Write ``fields`` unless the hash ``replaces`` is no longer the one that opens the account."""
    held = get_user_model()._default_manager.filter(pk=user.pk)
    if replaces is not None:
        held = held.filter(password=replaces)
    if not held.update(**fields):
        return False
    for name, value in fields.items():
        setattr(user, name, value)
    return True
