"""What the events of ``ciam_core`` are called to the person they are about."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ciam_core import events
from ciam_core.kernel.activities import Activity, Words, activities, always

HIDDEN = frozenset(
    {
        events.BreachCheckUnavailable.name,
        events.MessageBudgetSpent.name,
        events.SprayDetected.name,
        events.StuffingDetected.name,
    }
)
"""Events that tell a person nothing."""


def register() -> None:
    for name, words in _PLAIN.items():
        activities.add(name, always(words))
    activities.add(events.CodeRefused.name, Activity(lambda details: _("A wrong code was entered"), refused=True))
    activities.add(events.PasswordSet.name, Activity(_by("reason", _PASSWORDS, _("Password changed"))))
    activities.add(events.ProofRequested.name, Activity(_by("purpose", _REQUESTS, _("A code or link was asked for"))))
    activities.add(events.SessionsEnded.name, Activity(_sessions_ended))
    activities.add(events.SignInRejected.name, Activity(_rejected, refused=True))
    activities.add(events.SignedIn.name, Activity(_signed_in))


_PLAIN: dict[str, Words] = {
    events.AccountDeactivated.name: _("You took a break"),
    events.AccountErased.name: _("Account deleted"),
    events.AccountLockedDown.name: _("Account locked, because “This was not me” was used"),
    events.AccountReactivated.name: _("You came back"),
    events.AccountRegistered.name: _("Account created"),
    events.AccountReinstated.name: _("Account opened again"),
    events.AccountSuspended.name: _("Account closed"),
    events.AddressAdded.name: _("Email address added"),
    events.AddressChangeUndone.name: _("Change of the primary address undone"),
    events.AddressRemoved.name: _("Email address removed"),
    events.AddressVerified.name: _("Email address confirmed"),
    events.DeletionCancelled.name: _("Deletion of the account called off"),
    events.DeletionScheduled.name: _("Deletion of the account asked for"),
    events.DeviceForgotten.name: _("Device forgotten"),
    events.DeviceNamed.name: _("Device named"),
    events.PasswordBreachFound.name: _("Your password was found in a data breach"),
    events.PasswordClosedToStrangers.name: _("Too many wrong passwords: none is taken from strangers any more"),
    events.PasswordVoided.name: _("Password stopped working"),
    events.PhoneAdded.name: _("Phone number added"),
    events.PhoneRemoved.name: _("Phone number removed"),
    events.PhoneVerified.name: _("Phone number confirmed"),
    events.PrimaryAddressChanged.name: _("Primary address changed"),
    events.PrimaryPhoneChanged.name: _("Primary phone number changed"),
    events.ProfileChanged.name: _("Profile changed"),
    events.SessionEnded.name: _("A session was ended"),
    events.SignedOut.name: _("Signed out"),
    events.TrailUnsealed.name: _("Our staff read your activity with its details"),
}
_PASSWORDS: dict[str, Words] = {
    "sign_up": _("Password chosen"),
    "recovered": _("New password chosen after “Forgot your password?”"),
}
_REQUESTS: dict[str, Words] = {
    "verify_address": _("A code to confirm an email address was asked for"),
    "sign_in": _("A code to sign in was asked for"),
    "recover": _("“Forgot your password?” was used"),
    "change_address": _("A change of the primary address was asked for"),
    "sign_in_by_sms": _("A texted code to sign in was asked for"),
    "verify_phone": _("A code to confirm a phone number was asked for"),
}


def _by(detail: str, known: Mapping[str, Words], otherwise: Words) -> Callable[[Mapping[str, Any]], Words]:
    return lambda details: known.get(details.get(detail, ""), otherwise)


def _signed_in(details: Mapping[str, Any]) -> Words:
    methods = tuple(details.get("methods", ()))
    by_one: dict[tuple[str, ...], Words] = {
        ("password",): _("Signed in with the password"),
        ("code",): _("Signed in with a code by email"),
        ("sms",): _("Signed in with a texted code"),
        ("socialaccount",): _("Signed in with a linked account"),
    }
    return by_one.get(methods, _("Signed in"))


def _sessions_ended(details: Mapping[str, Any]) -> Words:
    return _("All other sessions ended") if details.get("others_only") else _("All sessions ended")


def _rejected(details: Mapping[str, Any]) -> Words:
    if details.get("reason") == "confirmation":
        return _("A wrong password was entered")
    return _("A sign-in was refused")
