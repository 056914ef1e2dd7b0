"""A rule is found to concern somebody: their time to enrol begins."""

from datetime import datetime

from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.enforcement.models import FactorDemand
from ciam_mfa.events import FactorDemanded
from ciam_mfa.settings import conf


@flow
def demand_factor(user: User, *, origin: Origin) -> datetime:
    """From now on ``user`` must have a second factor within ``REQUIRED_WITHIN``; by when. Begun already, it stands."""
    demand, is_new = FactorDemand.objects.get_or_create(user_id=user.pk)
    if is_new:
        emit(FactorDemanded(subject_id=str(user.pk), origin=origin))
    return demand.since + conf().REQUIRED_WITHIN
