"""How long a session lasts: unused, and at most. Asked at every request, so that a stricter setting ends old ones."""

from datetime import datetime, timedelta

from ciam_core.kernel.origin import Channel
from ciam_core.sessions.models import Session
from ciam_core.settings import conf


def touch_interval(session: Session) -> timedelta:
    """How old ``last_used_at`` may grow before a request writes it again."""
    return min(timedelta(minutes=5), _limits(session)[0] / 10)


def ends_at(session: Session) -> datetime:
    """The moment it ends if nobody uses it any more."""
    idle, lifetime = _limits(session)
    return min(session.last_used_at + idle, session.created_at + lifetime)


def _limits(session: Session) -> tuple[timedelta, timedelta]:
    if session.channel == Channel.ADMIN or (session.user is not None and getattr(session.user, "is_staff", False)):
        return conf().STAFF_SESSION_IDLE, conf().STAFF_SESSION_LIFETIME
    return conf().SESSION_IDLE, conf().SESSION_LIFETIME
