"""What ``ciam_mfa`` reports. A name, once released, never changes.

``factor``: its kind, such as ``totp``. ``authenticator``: which one of the person's, as JSON names it.
"""

from dataclasses import dataclass

from ciam_core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FactorAdded(Event):
    """From now on it can be asked for at sign-in."""

    name = "factor.added"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class PasskeyDemanded(Event):
    """It was made without its owner's doing and never asked for; now it is."""

    name = "passkey.demanded"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class FactorRenamed(Event):
    name = "factor.renamed"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(Event):
    """``reason``: ``chosen`` by the person, ``replaced`` by newer ones, ``alone`` where codes back nothing up any more,
    or that of ``end_all_access``.
    """

    name = "factor.removed"
    factor: str
    authenticator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FactorDemanded(Event):
    """A rule was found to concern the person, who had no factor: within ``REQUIRED_WITHIN`` they must have one."""

    name = "factor.demanded"


@dataclass(frozen=True, kw_only=True)
class FactorCodeSent(Event):
    """A code is on its way to what only the person has."""

    name = "factor.code_sent"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class FactorVerified(Event):
    """The right answer was given."""

    name = "factor.verified"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class FactorRejected(Event):
    """A wrong answer was given, or one that was used already."""

    name = "factor.rejected"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class FactorDisabled(Event):
    """Nothing is taken from it any more after ``CEILING`` wrong answers in a row."""

    name = "factor.disabled"
    factor: str
    authenticator: str


@dataclass(frozen=True, kw_only=True)
class PasskeyCounterRegressed(Event):
    """Its signature was right, but the counter did not go up: there may be a copy of it.

    ``accepted``: it can be copied rightly (a synced passkey), so it was let through.
    """

    name = "passkey.counter_regressed"
    authenticator: str
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeSpent(Event):
    """``left``: how many the person still has."""

    name = "recovery_code.spent"
    left: int


@dataclass(frozen=True, kw_only=True)
class TrustedBrowserAdded(Event):
    """There the person is not asked for a second factor, until it expires or is removed."""

    name = "trusted_browser.added"
    browser_id: str


@dataclass(frozen=True, kw_only=True)
class TrustedBrowserRemoved(Event):
    """There the person is asked again. ``reason``: ``chosen``, ``replaced`` by newer trust in the same browser, or
    ``too_many``.
    """

    name = "trusted_browser.removed"
    browser_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TrustedBrowsersRemoved(Event):
    """The person is asked everywhere again. ``reason``: ``chosen``, ``factor_removed``, or that of
    ``end_all_access``. ``removed``: how many there were.
    """

    name = "trusted_browser.all_removed"
    removed: int
    reason: str


__all__ = [
    "FactorAdded",
    "FactorCodeSent",
    "FactorDemanded",
    "FactorDisabled",
    "FactorRejected",
    "FactorRemoved",
    "FactorRenamed",
    "FactorVerified",
    "PasskeyCounterRegressed",
    "PasskeyDemanded",
    "RecoveryCodeSpent",
    "TrustedBrowserAdded",
    "TrustedBrowserRemoved",
    "TrustedBrowsersRemoved",
]
