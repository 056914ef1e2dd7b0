"""What ``ciam_core`` reports. A name, once released, never changes."""

from dataclasses import dataclass

from ciam_core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Event):
    """Somebody signed up; the address is not proven yet."""

    name = "account.registered"


@dataclass(frozen=True, kw_only=True)
class AccountLockedDown(Event):
    """The owner said that something was not them: access ended, password void, addresses as they were."""

    name = "account.locked_down"


@dataclass(frozen=True, kw_only=True)
class AddressVerified(Event):
    name = "address.verified"


@dataclass(frozen=True, kw_only=True)
class AddressAdded(Event):
    name = "address.added"


@dataclass(frozen=True, kw_only=True)
class AddressRemoved(Event):
    name = "address.removed"


@dataclass(frozen=True, kw_only=True)
class PrimaryAddressChanged(Event):
    """The address mail goes to is another one now."""

    name = "address.primary_changed"


@dataclass(frozen=True, kw_only=True)
class AddressChangeUndone(Event):
    """The owner of the old address took a change back: sessions ended, password void."""

    name = "address.change_undone"


@dataclass(frozen=True, kw_only=True)
class ProofRequested(Event):
    """A link or code was asked for. Without ``subject_id`` the address belongs to nobody."""

    name = "proof.requested"
    purpose: str


@dataclass(frozen=True, kw_only=True)
class CodeRefused(Event):
    """A mailed code was wrong."""

    name = "proof.code_refused"
    purpose: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """``methods``: how, in order: ``password``, ``code``. ``new_device``: on one this person never used."""

    name = "session.signed_in"
    methods: tuple[str, ...]
    new_device: bool = False


@dataclass(frozen=True, kw_only=True)
class SignInRejected(Event):
    """``reason`` is for the trail; whoever tried is told the same for each."""

    name = "session.sign_in_rejected"
    method: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    name = "session.signed_out"


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """One session was ended from another."""

    name = "session.ended"
    session_id: str


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """Sessions were ended together; ``others_only``: all but the one that asked. ``ended``: how many."""

    name = "session.all_ended"
    ended: int
    others_only: bool


@dataclass(frozen=True, kw_only=True)
class DeviceNamed(Event):
    """A device was given another name."""

    name = "device.named"
    device_id: str


@dataclass(frozen=True, kw_only=True)
class DeviceForgotten(Event):
    """A device counts as new again, and is signed out."""

    name = "device.forgotten"
    device_id: str


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """``reason``: ``changed``, ``recovered`` or ``sign_up``."""

    name = "password.set"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordVoided(Event):
    """A password stopped working because whoever set it had not proven the address."""

    name = "password.voided"


@dataclass(frozen=True, kw_only=True)
class PasswordBreachFound(Event):
    """The password that just signed in is in a breach corpus; it must be replaced."""

    name = "password.breach_found"


@dataclass(frozen=True, kw_only=True)
class BreachCheckUnavailable(Event):
    """The breach corpus gave no answer; the next sign-in asks again."""

    name = "password.breach_check_unavailable"


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """``attributes``: names, never values."""

    name = "profile.changed"
    attributes: tuple[str, ...]


__all__ = [
    "AccountLockedDown",
    "AccountRegistered",
    "AddressAdded",
    "AddressChangeUndone",
    "AddressRemoved",
    "AddressVerified",
    "BreachCheckUnavailable",
    "CodeRefused",
    "DeviceForgotten",
    "DeviceNamed",
    "PasswordBreachFound",
    "PasswordSet",
    "PasswordVoided",
    "PrimaryAddressChanged",
    "ProfileChanged",
    "ProofRequested",
    "SessionEnded",
    "SessionsEnded",
    "SignInRejected",
    "SignedIn",
    "SignedOut",
]
