"""What ``ciam_core.federation`` reports. A name, once released, never changes."""

from dataclasses import dataclass

from ciam_core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(Event):
    """From now on somebody known to ``provider`` signs in to this account."""

    name = "identity.linked"
    provider: str


@dataclass(frozen=True, kw_only=True)
class IdentityUnlinked(Event):
    """``reason``: ``chosen`` by the person, or that of ``end_all_access``."""

    name = "identity.unlinked"
    provider: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class IdentityRefused(Event):
    """What a provider sent proved nothing. ``reason`` is for the trail; the person is told the same for each."""

    name = "identity.refused"
    provider: str
    reason: str


__all__ = ["IdentityLinked", "IdentityRefused", "IdentityUnlinked"]
