"""What ``ciam_core`` reports. A name, once released, never changes."""

from dataclasses import dataclass

from ciam_core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Event):
    """Somebody signed up; the address is not proven yet."""

    name = "account.registered"


@dataclass(frozen=True, kw_only=True)
class AccountDeactivated(Event):
    """The person takes a break; signing in offers the way back."""

    name = "account.deactivated"


@dataclass(frozen=True, kw_only=True)
class AccountReactivated(Event):
    """Somebody who took a break is back. Deactivated by a thief and taken back by its owner counts too."""

    name = "account.reactivated"


@dataclass(frozen=True, kw_only=True)
class DeletionScheduled(Event):
    """The person asked to be erased; until the grace period ends they can undo it."""

    name = "account.deletion_scheduled"


@dataclass(frozen=True, kw_only=True)
class DeletionCancelled(Event):
    """The account stays. ``reason``: ``undone`` by the person, ``suspended`` or ``locked_down`` meanwhile."""

    name = "account.deletion_cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccountErased(Event):
    """The account is over, and what is held about it goes now. The last event of a person; told while rows are there.

    So this is the moment to tell other systems (GDPR Art. 19). That everything is gone stands in ``Erasure``.
    """

    name = "account.erased"


@dataclass(frozen=True, kw_only=True)
class AccountSuspended(Event):
    """``reason``: one of ``SUSPENSION_REASONS``."""

    name = "account.suspended"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccountReinstated(Event):
    """``reason``: one of ``REINSTATEMENT_REASONS``."""

    name = "account.reinstated"
    reason: str


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
class PhoneAdded(Event):
    """A phone number was noted; it is not proven yet."""

    name = "phone.added"


@dataclass(frozen=True, kw_only=True)
class PhoneVerified(Event):
    name = "phone.verified"


@dataclass(frozen=True, kw_only=True)
class PhoneRemoved(Event):
    name = "phone.removed"


@dataclass(frozen=True, kw_only=True)
class PrimaryPhoneChanged(Event):
    name = "phone.primary_changed"


@dataclass(frozen=True, kw_only=True)
class MessageBudgetSpent(Event):
    """A budget that everybody shares is used up; told once per window. ``value``: the country's code, or ``all``."""

    name = "message.budget_spent"
    budget: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ProofRequested(Event):
    """A link or code was asked for. Without ``subject_id`` the address belongs to nobody."""

    name = "proof.requested"
    purpose: str


@dataclass(frozen=True, kw_only=True)
class CodeRefused(Event):
    """A mailed or texted code was wrong."""

    name = "proof.code_refused"
    purpose: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """``methods``: how, in order: ``password``, ``code``, ``sms``, ``socialaccount``. ``new_device``: on one this
    person never used.
    """

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
    """One session was ended from another: from the list, or by a sign-in beyond ``MAX_SESSIONS``."""

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
class PasswordClosedToStrangers(Event):
    """Too many wrong passwords in a row: none is taken from strangers until the owner comes in another way.

    ``device``: it was a known device of the account, and only that one's passwords are no longer taken.
    """

    name = "password.closed_to_strangers"
    device: bool


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


@dataclass(frozen=True, kw_only=True)
class TrailUnsealed(Event):
    """Personal details of the trail were read: of one person, or without ``subject_id`` of everybody.

    ``names``: of the events asked for, none for all.
    """

    name = "audit.unsealed"
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SprayDetected(Event):
    """``kind``: one ``password``, or one ``source``, tried on many accounts. ``network``: a digest."""

    name = "attack.spray_detected"
    kind: str
    network: str


@dataclass(frozen=True, kw_only=True)
class StuffingDetected(Event):
    """Most sign-ins that failed from ``network`` (a digest) were for addresses without an account."""

    name = "attack.stuffing_detected"
    network: str


__all__ = [
    "AccountDeactivated",
    "AccountErased",
    "AccountLockedDown",
    "AccountReactivated",
    "AccountRegistered",
    "AccountReinstated",
    "AccountSuspended",
    "AddressAdded",
    "AddressChangeUndone",
    "AddressRemoved",
    "AddressVerified",
    "BreachCheckUnavailable",
    "CodeRefused",
    "DeletionCancelled",
    "DeletionScheduled",
    "DeviceForgotten",
    "DeviceNamed",
    "MessageBudgetSpent",
    "PasswordBreachFound",
    "PasswordClosedToStrangers",
    "PasswordSet",
    "PasswordVoided",
    "PhoneAdded",
    "PhoneRemoved",
    "PhoneVerified",
    "PrimaryAddressChanged",
    "PrimaryPhoneChanged",
    "ProfileChanged",
    "ProofRequested",
    "SessionEnded",
    "SessionsEnded",
    "SignInRejected",
    "SignedIn",
    "SignedOut",
    "SprayDetected",
    "StuffingDetected",
    "TrailUnsealed",
]
