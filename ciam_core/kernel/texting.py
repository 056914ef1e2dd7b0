"""Texting a code to a number: whoever has a gateway offers it here, and who needs one asks."""

from datetime import timedelta
from typing import Protocol

from ciam_core.kernel.attempts import Counted
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User


class Texter(Protocol):
    def is_on(self) -> bool:
        """Whether the host has set it up."""

    def normalise(self, typed: str) -> str:
        """The number as E.164. Raises a ``CiamError`` with the field ``phone`` for one that takes no texts."""

    def mask(self, number: str) -> str:
        """What may be shown of it, in at most 20 characters."""

    def reserve(self, number: str, *also: Counted, user: User, proven: bool, origin: Origin) -> None:
        """Count a text against what texts may cost, and ``also``, before it is written; no transaction is open.

        ``proven``: ``user`` has shown before that the number is theirs. Raises ``TooManyAttempts``.
        """

    def send_code(self, template: str, *, to: str, code: str, user: User, good_for: timedelta, origin: Origin) -> None:
        """Inside a flow: text ``ciam_core/messages/<template>_sms.txt`` with ``code``, once it commits."""


texters: Registry[Texter] = Registry("texter")


def texter() -> Texter | None:
    """The first that is set up."""
    return next((own for own in texters if own.is_on()), None)
