"""What an event is called to the person it is about. An event without an entry is not shown to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciam_core import events
from ciam_core.kernel.registry import Registry

Words = str | Promise


@dataclass(frozen=True)
class Activity:
    """``title`` is given the event's details, or nothing where they cannot be read. ``refused``: it did not succeed."""

    title: Callable[[Mapping[str, Any]], Words]
    refused: bool = False


activities: Registry[Activity] = Registry("activity")
"""Event name → its words. An app of yours adds those of its own events in ``AppConfig.ready()``."""

HIDDEN = frozenset({events.BreachCheckUnavailable.name})
"""Events that tell a person nothing."""


def register() -> None:
    for name, words in _PLAIN.items():
        activities.add(name, Activity(_always(words)))
    activities.add(events.CodeRefused.name, Activity(_always(_("A wrong code was entered")), refused=True))
    activities.add(events.PasswordSet.name, Activity(_by("reason", _PASSWORDS, _("Password changed"))))
    activities.add(events.ProofRequested.name, Activity(_by("purpose", _REQUESTS, _("A code or link was asked for"))))
    activities.add(events.SignInRejected.name, Activity(_rejected, refused=True))
    activities.add(events.SignedIn.name, Activity(_signed_in))


_PLAIN: dict[str, Words] = {
    events.AccountLockedDown.name: _("Account locked, because “This was not me” was used"),
    events.AccountRegistered.name: _("Account created"),
    events.AddressAdded.name: _("Email address added"),
    events.AddressChangeUndone.name: _("Change of the primary address undone"),
    events.AddressRemoved.name: _("Email address removed"),
    events.AddressVerified.name: _("Email address confirmed"),
    events.PasswordBreachFound.name: _("Your password was found in a data breach"),
    events.PasswordVoided.name: _("Password stopped working"),
    events.PrimaryAddressChanged.name: _("Primary address changed"),
    events.ProfileChanged.name: _("Profile changed"),
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
}


def _always(words: Words) -> Callable[[Mapping[str, Any]], Words]:
    return lambda details: words


def _by(detail: str, known: Mapping[str, Words], otherwise: Words) -> Callable[[Mapping[str, Any]], Words]:
    return lambda details: known.get(details.get(detail, ""), otherwise)


def _signed_in(details: Mapping[str, Any]) -> Words:
    methods = tuple(details.get("methods", ()))
    by_one: dict[tuple[str, ...], Words] = {
        ("password",): _("Signed in with the password"),
        ("code",): _("Signed in with a code by email"),
    }
    return by_one.get(methods, _("Signed in"))


def _rejected(details: Mapping[str, Any]) -> Words:
    if details.get("reason") == "confirmation":
        return _("A wrong password was entered")
    return _("A sign-in was refused")
