"""How sure we are who is there (NIST SP 800-63B-4 §2). Core asks, whoever is installed answers."""

from enum import IntEnum
from typing import Protocol

from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User


class Level(IntEnum):
    """Authentication assurance levels. An e-mailed code never gives more than AAL1."""

    AAL1 = 1
    AAL2 = 2
    AAL3 = 3


class LevelSource(Protocol):
    """One reason to demand more: an enrolled factor, an organisation's rule, a risk."""

    def required_level(self, user: User) -> Level: ...


level_sources: Registry[LevelSource] = Registry("level source")


def required_level(user: User) -> Level:
    """The assurance ``user`` must reach before a session counts as signed in: the highest any source demands."""
    return max((source.required_level(user) for source in level_sources), default=Level.AAL1)
