"""Staff help somebody who has lost every second factor: all of them go, after a time in which the owner can object."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.notices import tell
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.typing import User
from ciam_mfa.events import FactorResetRequested, FactorResetStopped, FactorsReset
from ciam_mfa.exceptions import NoReset, NothingToReset, ResetPlanned, ResetReasonUnknown
from ciam_mfa.factors.flows import STRANGERS, TAKEN_BACK, forget_all, lock
from ciam_mfa.factors.queries import Enrolled, authenticators_of
from ciam_mfa.resets.models import FactorReset
from ciam_mfa.settings import conf

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""How many resets one run looks at."""


@flow
def request_factor_reset(user: User, *, reason: str, actor: User | None, origin: Origin) -> FactorReset:
    """After ``RESET_DELAY`` all second factors of ``user`` go. The owner is told now, and again when it happens.

    ``reason`` is one of ``RESET_REASONS`` (``ResetReasonUnknown``); the trail keeps it. Raises ``NothingToReset``,
    or ``ResetPlanned`` where one waits already.
    """
    if reason not in conf().RESET_REASONS:
        raise ResetReasonUnknown()
    lock(user)
    if not authenticators_of(user):
        raise NothingToReset()
    now, delay = timezone.now(), conf().RESET_DELAY
    planned = {"reason": reason, "actor_id": _id_of(actor) or "", "requested_at": now, "due_at": now + delay}
    reset, is_new = FactorReset.objects.get_or_create(user_id=user.pk, defaults=planned)
    if not is_new:
        raise ResetPlanned()
    emit(FactorResetRequested(subject_id=str(user.pk), actor_id=_id_of(actor), reason=reason, origin=origin))
    tell(user, "factor_reset_planned", origin=SYSTEM, within=int(delay.total_seconds() // 3600))
    return reset


@flow
def stop_factor_reset(user: User, *, actor: User | None = None, origin: Origin) -> None:
    """Nothing goes. ``actor``: who of the staff stops it, None for the owner. Raises ``NoReset``."""
    lock(user)
    if not _call_off(user, reason="staff" if actor else "chosen", actor=actor, origin=origin):
        raise NoReset()


def stop_reset_of_taken_account(user: User, reason: str) -> None:
    """The revoker: who says "this was not me" has not asked for it either."""
    if reason in (*TAKEN_BACK, *STRANGERS):
        _call_off(user, reason=reason, actor=None, origin=SYSTEM)


def reset_due_factors() -> int:
    """Run the resets that are due; how many. One that fails is logged, and tried again by the next run."""
    due = FactorReset.objects.filter(due_at__lte=timezone.now()).order_by("due_at").values_list("user_id", flat=True)
    people = get_user_model()._default_manager.in_bulk(list(due[:AT_ONCE]))
    return sum(_run(user) for user in people.values())


def _run(user: Any) -> bool:
    try:
        return _reset(user)
    except Exception:
        logger.exception("The second factors of a person could not be reset; it will be tried again.")
        return False


@flow
def _reset(user: User) -> bool:
    """Whoever has used or added a factor since has not lost them all: then nothing goes."""
    lock(user)
    reset = FactorReset.objects.filter(user_id=user.pk, due_at__lte=timezone.now()).first()
    if reset is None:
        return False  # stopped meanwhile
    if any(_shows_owner(own, since=reset.requested_at) for own in authenticators_of(user)):
        _call_off(user, reason="used", actor=None, origin=SYSTEM)
        return False
    if not FactorReset.objects.filter(pk=reset.pk).delete()[0]:
        return False  # called off by whoever took the account back
    forget_all(user, reason="reset")
    end_all_access(user, reason="factors_reset")
    emit(FactorsReset(subject_id=str(user.pk), actor_id=reset.actor_id or None, reason=reset.reason, origin=SYSTEM))
    tell(user, "factors_reset", origin=SYSTEM)
    return True


def _shows_owner(own: Enrolled, *, since: datetime) -> bool:
    """One that was added shows it as well: who has factors adds another only after showing one of them."""
    was_used = own.last_used_at is not None and own.last_used_at > since
    return was_used or (own.demanded and own.created_at > since)


def _call_off(user: User, *, reason: str, actor: User | None, origin: Origin) -> bool:
    if not FactorReset.objects.filter(user_id=user.pk).delete()[0]:
        return False
    emit(FactorResetStopped(subject_id=str(user.pk), actor_id=_id_of(actor), reason=reason, origin=origin))
    return True


def _id_of(actor: User | None) -> str | None:
    return str(actor.pk) if actor else None
