"""How sure we are who is there (NIST SP 800-63B-4 §2). Core asks, whoever is installed answers."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Any, Protocol

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User

SHOWN_KEY = "ciam_shown"


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


gates: Registry[Callable[[HttpRequest, User], None]] = Registry("gate")
"""Asked at every sign-in, by whichever door, before a session speaks for the person; one raises to hold it back."""


def ask_gates(request: HttpRequest, user: User, **_: Any) -> None:
    """The receiver of Django's ``user_logged_in``, so that no call of ``login()`` goes around them."""
    for gate in gates:
        gate(request, user)


@dataclass(frozen=True)
class Shown:
    """That a person has shown who they are, by ``method``; from then on the session has ``level``.

    ``amr``: what RFC 8176 calls it. ``at``: Unix seconds.
    """

    method: str
    amr: tuple[str, ...]
    level: Level
    at: float


Kept = SessionBase | dict[str, Any]
"""A session, or what is in one."""


def note_shown(
    session: Kept, subject_id: str, *, method: str, amr: tuple[str, ...], level: Level, at: float | None = None
) -> None:
    """Note it in ``session``, instead of an earlier time by the same method. What another person showed is dropped."""
    new = Shown(method, amr, level, time.time() if at is None else at)
    kept = [own for own in shown_in(session, subject_id) if own.method != method]
    session[SHOWN_KEY] = {"subject": subject_id, "shown": [asdict(own) for own in (*kept, new)]}


def shown_in(session: Kept, subject_id: str) -> list[Shown]:
    """How the person has shown who they are in ``session``, the latest last."""
    noted = session.get(SHOWN_KEY) or {}
    if noted.get("subject") != subject_id:
        return []
    return [
        Shown(own["method"], tuple(own["amr"]), Level(own["level"]), own["at"])
        for own in sorted(noted["shown"], key=lambda own: float(own["at"]))
    ]


def level_of(session: Kept, subject_id: str) -> Level:
    """The level ``session`` has reached for this person."""
    return max((own.level for own in shown_in(session, subject_id)), default=Level.AAL1)


def has_shown(session: Kept, subject_id: str, *, level: Level, max_age: timedelta | None = None) -> bool:
    """Whether the person has shown who they are as surely as ``level``, within ``max_age`` where that is given."""
    since = float("-inf") if max_age is None else time.time() - max_age.total_seconds()
    return any(own.level >= level and own.at >= since for own in shown_in(session, subject_id))
