"""Trusted browsers as people see them: in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ciam_core.kernel.agents import device_in_words
from ciam_core.kernel.moments import ago
from ciam_core.kernel.secrets import token_digest
from ciam_core.kernel.typing import User
from ciam_mfa.trusted_browsers.models import TrustedBrowser
from ciam_mfa.trusted_browsers.queries import trusted_browsers_of
from ciam_mfa.trusted_browsers.tokens import token_of


@dataclass(frozen=True)
class ShownBrowser:
    """``current``: the one that is looking."""

    id: UUID
    channel: str
    label: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    current: bool = False

    @property
    def added(self) -> str:
        return ago(self.created_at)

    @property
    def last_used(self) -> str:
        return ago(self.last_used_at) if self.last_used_at else ""


def shown_browsers(request: HttpRequest, user: User) -> list[ShownBrowser]:
    """The one in use first, then the newest."""
    token = token_of(request)
    here = token_digest(token) if token else None
    shown = [_shown(own, current=own.digest == here) for own in trusted_browsers_of(user)]
    return sorted(shown, key=lambda own: not own.current)


def _shown(own: TrustedBrowser, *, current: bool) -> ShownBrowser:
    told = ("id", "channel", "created_at", "last_used_at", "expires_at")
    return ShownBrowser(**{name: getattr(own, name) for name in told}, label=in_words(own.agent), current=current)


def in_words(agent: str) -> str:
    return device_in_words(agent) or _("A device we do not recognise")
