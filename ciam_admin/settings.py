"""The settings of ``ciam_admin``: ``CIAM_ADMIN``."""

from collections.abc import Iterator
from dataclasses import dataclass

from ciam_core.kernel.settings import Conf


@dataclass(frozen=True)
class AdminSettings:
    """What a host may write in ``CIAM_ADMIN``. A field is a setting; its default is the default."""

    REVEAL_REASONS: tuple[str, ...] = ("customer_request", "fraud", "legal", "security")
    """The codes staff may give as the reason to see personal values. The trail keeps which one it was."""

    def contradictions(self) -> Iterator[str]:
        if not self.REVEAL_REASONS:
            yield "REVEAL_REASONS must name at least one reason."
        if not all(str(code).isascii() and str(code).isidentifier() for code in self.REVEAL_REASONS):
            yield "REVEAL_REASONS holds codes: ASCII letters, digits and underscores."


conf = Conf("CIAM_ADMIN", AdminSettings, label="ciam_admin")
