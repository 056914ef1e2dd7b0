"""Who must have a second factor, and by when. What they have is not asked here."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.typing import User
from ciam_mfa.adapters import MfaAdapter
from ciam_mfa.enforcement.models import FactorDemand
from ciam_mfa.settings import MfaSettings, conf


def has_rules() -> bool:
    """Whether anybody must: where nobody does, no session is ever asked."""
    settings = conf()
    return bool(settings.REQUIRED_FOR_STAFF or settings.REQUIRED_FOR_GROUPS or settings.ADAPTER != MfaSettings.ADAPTER)


def must_have_factor(user: User) -> bool:
    """Whether a rule concerns ``user``. Staff cost no statement, groups one."""
    settings = conf()
    if settings.REQUIRED_FOR_STAFF and getattr(user, "is_staff", False):
        return True
    groups: Any = getattr(user, "groups", None)
    if settings.REQUIRED_FOR_GROUPS and groups and groups.filter(name__in=settings.REQUIRED_FOR_GROUPS).exists():
        return True
    adapter: MfaAdapter = adapter_of(conf)
    return adapter.must_have_second_factor(user)


def begun_deadline(user: User) -> datetime | None:
    """By when ``user`` must have one; None where the time to enrol has not begun."""
    since = FactorDemand.objects.filter(user_id=user.pk).values_list("since", flat=True).first()
    return since + conf().REQUIRED_WITHIN if since else None


def deadline(user: User) -> datetime:
    """As ``begun_deadline``; for whom the time has not begun, as if it did now."""
    return begun_deadline(user) or timezone.now() + conf().REQUIRED_WITHIN
