"""What every door counts before it does anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.attempts import Budget, Counted, Reservation, TooManyAttempts, clear_attempts, reserve
from ciam_core.kernel.origin import Origin
from ciam_core.messages.budgets import reserve_mail_budget
from ciam_core.throttling import budgets
from ciam_core.throttling.exceptions import PasswordClosed
from ciam_core.throttling.lanes import is_known_device, owner_on_device
from ciam_core.throttling.reports import note_failure, report_spray
from ciam_core.throttling.sources import fingerprint_of, network_of, source_of


@dataclass(frozen=True)
class PasswordTry:
    """A password that may be evaluated: it is counted in ``lane``.

    ``owner``: whose account it is for, where the device told; None for a stranger, whoever they say they are.
    """

    reservation: Reservation
    lane: Budget
    owner: Any | None = None

    @property
    def stranger(self) -> bool:
        return self.owner is None

    @property
    def is_last(self) -> bool:
        """Whether no further password is taken in this lane, if this one is wrong."""
        return bool(self.reservation.used_up(self.lane))

    def succeed(self) -> None:
        self.reservation.succeed()

    def fail(self, *, known: bool, origin: Origin) -> None:
        """``known``: whether there is such an account."""
        if self.stranger:
            note_failure(self.reservation, known=known, origin=origin)


@sensitive_variables()
def reserve_sign_in(address: str, *, password: str, origin: Origin) -> PasswordTry:
    """Count a sign-in with a password: a known device of the account in a lane of its own, strangers together.

    Raises ``TooManyAttempts``; ``PasswordClosed`` once ``PASSWORD_CEILING`` is reached in that lane.
    """
    if (owner := owner_on_device(address, origin)) is not None:
        lane = budgets.sign_in_per_device()
        return PasswordTry(_reserve((lane, _on_device(address, origin))), lane, owner)
    lane = budgets.sign_in_per_account()
    counted = [
        (lane, address),
        (budgets.sign_in_per_source(), source_of(origin)),
        (budgets.sign_in_per_network(), network_of(origin)),
    ]
    if fingerprint := fingerprint_of(password):
        counted.append((budgets.sign_in_per_password(), fingerprint))
    reservation = _reserve(*counted)
    report_spray(reservation, origin=origin)
    return PasswordTry(reservation, lane)


def reserve_confirmation(person: str, address: str, *, origin: Origin) -> Reservation:
    """Count a password that somebody signed in gives again. ``person`` is their id."""
    value = _on_device(person, origin) if is_known_device(address, origin) else person
    return _reserve((budgets.confirm_password(), value))


def reserve_code(address: str, *, origin: Origin) -> Reservation:
    """Count a mailed code over all codes of its address (NIST SP 800-63B-4 §3.2.2)."""
    if is_known_device(address, origin):
        return reserve((budgets.CODE_PER_DEVICE, _on_device(address, origin)))
    return reserve((budgets.CODE_PER_ADDRESS, address), (budgets.CODE_PER_NETWORK, source_of(origin)))


def reserve_mail(address: str, *, origin: Origin) -> None:
    """Count a mail to ``address`` before it is written."""
    if is_known_device(address, origin):
        reserve((budgets.MAIL_PER_DEVICE, _on_device(address, origin)))
    else:
        reserve_mail_budget(address, network=source_of(origin), origin=origin)


def reserve_sign_up(address: str, *, origin: Origin) -> None:
    """Count a sign-up and its mail."""
    source = source_of(origin)
    reserve_mail_budget(address, (budgets.SIGN_UP_PER_NETWORK, source), network=source, origin=origin)


def reserve_identity(*, origin: Origin) -> Reservation:
    """Count a sign-in with an identity of a provider: nothing to guess there, but work to cause."""
    source, network = source_of(origin), network_of(origin)
    return reserve((budgets.sign_in_per_source(), source), (budgets.sign_in_per_network(), network))


def reserve_unmailed_sign_up(*, origin: Origin) -> None:
    """Nothing is mailed, but a hash or an account is work too."""
    reserve((budgets.SIGN_UP_PER_NETWORK, source_of(origin)))


def reserve_notice(person: str) -> None:
    """Count a change that somebody signed in makes to their own account, and that mails a notice."""
    reserve((budgets.NOTICE_PER_PERSON, person))


def reopen_password(person: str, addresses: Iterable[str], *, origin: Origin) -> None:
    """The owner came in another way: strangers, and this device, may try passwords again. Joins a transaction."""
    values = [(budgets.sign_in_per_account(), address) for address in addresses]
    counted: list[Counted] = [*values, (budgets.confirm_password(), person)]
    if origin.device is not None:
        counted += [(budgets.sign_in_per_device(), _on_device(address, origin)) for _, address in values]
        counted.append((budgets.confirm_password(), _on_device(person, origin)))
    clear_attempts(*counted)


def _reserve(*counted: Counted) -> Reservation:
    try:
        return reserve(*counted)
    except TooManyAttempts as refusal:
        if refusal.closed:
            raise PasswordClosed(retry_after=refusal.retry_after) from None
        raise


def _on_device(value: str, origin: Origin) -> str:
    return f"{value} {origin.device}"
