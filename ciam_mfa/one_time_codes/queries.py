"""Enrolments on their way."""

from django.db.models import QuerySet

from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import EnrolmentExpired
from ciam_mfa.factors.flows import is_expired
from ciam_mfa.one_time_codes.models import TextedNumber


def pending_number(user: User) -> TextedNumber:
    """The number that waits for its first code. Raises ``EnrolmentExpired``."""
    unconfirmed: QuerySet[TextedNumber] = TextedNumber.objects.filter(user_id=user.pk, confirmed=False)
    waiting = unconfirmed.order_by("-pk").first()
    if waiting is None or is_expired(waiting):
        raise EnrolmentExpired()
    return waiting
