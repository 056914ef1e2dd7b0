"""How often one authenticator may be tried: a success gives back its own tries, and no other's (MF3, MF4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ciam_core.kernel.attempts import Budget, Reservation, TooManyAttempts, clear_attempts, opens_at, reserve
from ciam_mfa.exceptions import AuthenticatorDisabled
from ciam_mfa.settings import conf

_MEMORY = timedelta(days=30)


def per_authenticator() -> Budget:
    return Budget("mfa.authenticator", conf().CEILING, _MEMORY, free=conf().FREE_TRIES)


def reserve_try(key: str) -> Reservation:
    """Count a try at the authenticator ``key`` before it is evaluated. Raises ``TooManyAttempts`` during a wait."""
    try:
        return reserve((per_authenticator(), key))
    except TooManyAttempts as refusal:
        if refusal.closed:
            raise AuthenticatorDisabled() from None
        raise


def locked_until(keys: Iterable[str]) -> dict[str, datetime]:
    """Until when which of ``keys`` takes no answer. One statement."""
    return opens_at(per_authenticator(), keys)


def forget_tries(key: str) -> None:
    clear_attempts((per_authenticator(), key))
