"""The settings of ``ciam_core.federation``: ``CIAM_FEDERATION``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ciam_core.federation.presets import Provider, problems_in
from ciam_core.kernel.settings import Conf


@dataclass(frozen=True)
class FederationSettings:
    """What a host may write in ``CIAM_FEDERATION``. A field is a setting; its default is the default."""

    PROVIDERS: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    """Whose word on who somebody is you take: id → its declaration (see docs/federation/README.md)."""
    TIMEOUT: timedelta = timedelta(seconds=5)
    """How long one answer of a provider may take."""
    KEYS_LIFETIME: timedelta = timedelta(hours=1)
    """How long a provider's metadata and keys are used before they are asked for again."""
    KEYS_MAX_STALE: timedelta = timedelta(hours=24)
    """How old they may be while the provider does not answer. Then sign-in with it is refused."""
    PENDING_LIFETIME: timedelta = timedelta(minutes=30)
    """How long somebody has to prove that the account is theirs before they start again at the provider."""

    def contradictions(self) -> Iterator[str]:
        yield from problems_in(self.PROVIDERS)
        for name in ("TIMEOUT", "KEYS_LIFETIME", "PENDING_LIFETIME"):
            if getattr(self, name) <= timedelta(0):
                yield f"{name} must be longer than nothing."
        if self.KEYS_MAX_STALE < self.KEYS_LIFETIME:
            yield "KEYS_MAX_STALE must be at least KEYS_LIFETIME."

    @property
    def providers(self) -> dict[str, Provider]:
        """In the order they are declared, which is the order of the buttons."""
        return {name: Provider.of(name, declaration) for name, declaration in self.PROVIDERS.items()}


conf = Conf("CIAM_FEDERATION", FederationSettings, label="ciam_federation")
