"""Who must have a second factor and has none: told by when, and held up once that is over."""

from datetime import datetime, timedelta

from django.utils import timezone

from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.required_actions import Standing, TimedAction
from ciam_core.kernel.typing import User
from ciam_mfa.enforcement.flows import demand_factor
from ciam_mfa.enforcement.queries import begun_deadline, deadline, has_rules, must_have_factor
from ciam_mfa.factors.queries import Enrolled, authenticators_of
from ciam_mfa.settings import conf

ENROL_FACTOR = "enrol_factor"
ASKED_AGAIN = timedelta(hours=1)
"""Somebody joins a group, or loses what they had: a session learns of it after so long at the latest."""


def is_met_by(enrolled: list[Enrolled]) -> bool:
    """Whether that is what rules ask for: one that works, and does not only stand in for another."""
    return any(own.is_usable and own.demanded and not own.factor.is_backup for own in enrolled)


def demanded_by(user: User, enrolled: list[Enrolled]) -> datetime | None:
    """By when ``user``, who has ``enrolled``, must have a second factor; None: they need not, or have one."""
    if not has_rules() or is_met_by(enrolled) or not must_have_factor(user):
        return None
    return deadline(user)


class EnrolFactor(TimedAction):
    """Open from the deadline on."""

    name = ENROL_FACTOR
    url_name = "ciam_factors"

    def terms(self) -> str:
        settings = conf()
        rules = settings.REQUIRED_FOR_STAFF, settings.REQUIRED_FOR_GROUPS, settings.ADAPTER, settings.REQUIRED_WITHIN
        return repr(rules)

    def standing(self, user: User) -> Standing:
        if not has_rules():
            return Standing(is_open=False)
        later = timezone.now() + ASKED_AGAIN
        if not must_have_factor(user) or is_met_by(authenticators_of(user)):
            return Standing(is_open=False, good_until=later)
        due_at = begun_deadline(user) or demand_factor(user, origin=SYSTEM)
        return Standing(is_open=due_at <= timezone.now(), good_until=min(due_at, later))
