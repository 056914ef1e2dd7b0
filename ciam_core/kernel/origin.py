"""Where a request to change something came from. Every flow is given one."""

from dataclasses import dataclass, field
from enum import StrEnum


class Channel(StrEnum):
    BROWSER = "browser"
    APP = "app"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """``address`` is an IP address, ``agent`` a User-Agent; ``session`` and ``device`` are digests of secret tokens.

    ``device`` is what the browser or app says it is; whose it is, if anybody's, stands in a table. Address and agent
    are personal data and stay out of ``repr``.
    """

    channel: Channel
    address: str | None = field(default=None, repr=False)
    agent: str = field(default="", repr=False)
    session: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
    language: str = ""


SYSTEM = Origin(channel=Channel.SYSTEM)
"""A script, a task or a test that acts for nobody's browser. Passed openly, never a default."""
