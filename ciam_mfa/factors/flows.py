"""What is done with any authenticator: answering, naming, removing. Each kind adds how it is enrolled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow, remember
from ciam_core.kernel.notices import tell
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.typing import User
from ciam_mfa.enforcement.queries import must_have_factor
from ciam_mfa.events import FactorAdded, FactorDisabled, FactorRejected, FactorRemoved, FactorRenamed, FactorVerified
from ciam_mfa.exceptions import AnswerRejected, LastFactor, TooManyAuthenticators
from ciam_mfa.factors.attempts import forget_tries, per_authenticator, reserve_try
from ciam_mfa.factors.demand import is_met_by
from ciam_mfa.factors.factor import Begun, Factor, Finding, factors
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.factors.naming import tidy_name
from ciam_mfa.factors.queries import Enrolled, authenticators_of, demands_second_factor, find, find_usable, key_of
from ciam_mfa.settings import conf


def begin_factor(user: User, key: str, *, origin: Origin) -> Begun:
    """What the person needs to answer with this authenticator. Raises as ``find_usable``."""
    factor, authenticator = find_usable(user, key)
    return factor.begin(authenticator, origin=origin)


@sensitive_variables()
def verify_factor(
    user: User, key: str, *, answer: Mapping[str, Any], state: Mapping[str, Any] | None = None, origin: Origin
) -> Finding:
    """The person answers with the one authenticator ``key``; how sure that makes us.

    Raises ``AnswerRejected``, ``TooManyAttempts``, ``AuthenticatorDisabled`` or ``AuthenticatorUnknown``. A try is
    counted, and committed, before it is evaluated, so it must not run inside a transaction (``RuntimeError``).
    """
    factor, asked = find_usable(user, key)
    authenticator = factor.answering(asked, answer)
    attempt = reserve_try(key_of(authenticator, factor))
    try:
        finding = factor.evaluate(authenticator, answer, state=state or {})
        _accept(user, factor, authenticator, finding, origin=origin)
    except AnswerRejected as refusal:
        refusal.record = FactorRejected(**_named(user, factor, authenticator), origin=origin)
        remember(refusal)
        if attempt.used_up(per_authenticator()):
            _disable(user, factor, authenticator, origin=origin)
        raise
    attempt.succeed()
    return finding


@flow
def _accept(user: User, factor: Factor, authenticator: Authenticator, finding: Finding, *, origin: Origin) -> None:
    factor.spend(authenticator, finding, origin=origin)
    emit(FactorVerified(**_named(user, factor, authenticator), origin=origin))


@flow
def _disable(user: User, factor: Factor, authenticator: Authenticator, *, origin: Origin) -> None:
    if factor.model._default_manager.filter(pk=authenticator.pk, disabled_at=None).update(disabled_at=timezone.now()):
        emit(FactorDisabled(**_named(user, factor, authenticator), origin=origin))
        tell(user, "factor_disabled", origin=origin, factor=str(factor.title), authenticator=authenticator.name)


def add(user: User, factor: Factor, authenticator: Authenticator, *, origin: Origin) -> None:
    """Inside a flow: ``authenticator`` has just been confirmed."""
    emit(FactorAdded(**_named(user, factor, authenticator), origin=origin))
    tell(user, "factor_added", origin=origin, factor=str(factor.title), authenticator=authenticator.name)


def require_room(user: User, factor: Factor) -> None:
    """Inside a flow, the person locked. Raises ``TooManyAuthenticators``."""
    held = factor.model._default_manager.filter(user_id=user.pk, confirmed=True).count()
    if held >= conf().MAX_AUTHENTICATORS:
        raise TooManyAuthenticators()


def lock(user: User) -> None:
    """Inside a flow: of two that change one person's factors, the second waits here."""
    list(user._meta.model._base_manager.select_for_update().filter(pk=user.pk).values_list("pk"))


@flow
def rename_authenticator(user: User, key: str, *, name: str, origin: Origin) -> None:
    """Raises ``AuthenticatorUnknown``. An empty name becomes what the factor is called."""
    factor, authenticator = find(user, key)
    factor.model._default_manager.filter(pk=authenticator.pk).update(name=tidy_name(name, factor))
    emit(FactorRenamed(**_named(user, factor, authenticator), origin=origin))


@flow
def remove_authenticator(user: User, key: str, *, origin: Origin, reason: str = "chosen") -> None:
    """Forget one. With the last that can be asked for go those that only stand in for it.

    Raises ``AuthenticatorUnknown``, or ``LastFactor`` where a rule demands that one is left.
    """
    lock(user)
    factor, authenticator = find(user, key)
    held = authenticators_of(user)
    left = [own for own in held if own.key != key]
    _require_one_left(user, held, left)
    forget(user, factor, authenticator, reason=reason, origin=origin)
    tell(user, "factor_removed", origin=origin, factor=str(factor.title), authenticator=authenticator.name)
    if not demands_second_factor(left):
        for own in (own for own in left if own.factor.is_backup):
            forget(user, *find(user, own.key), reason="alone", origin=origin)


def _require_one_left(user: User, held: list[Enrolled], left: list[Enrolled]) -> None:
    if is_met_by(held) and not is_met_by(left) and must_have_factor(user):
        raise LastFactor()


def forget(user: User, factor: Factor, authenticator: Authenticator, *, reason: str, origin: Origin) -> None:
    """Inside a flow: the row and its count go."""
    told = _named(user, factor, authenticator)
    authenticator.delete()
    forget_tries(told["authenticator"])
    emit(FactorRemoved(**told, reason=reason, origin=origin))


TAKEN_BACK = ("address_change_undone", "locked_down")
"""Reasons of ``end_all_access`` after which what was added lately may be a thief's."""
STRANGERS = ("address_proven_by_another", "phone_proven_by_another")
"""Reasons after which whoever had the account before was a stranger."""


def forget_strangers_factors(user: User, reason: str) -> None:
    """The revoker: what a thief or a stranger has added must not lock the owner out."""
    if reason not in (*TAKEN_BACK, *STRANGERS):
        return
    since = None if reason in STRANGERS else timezone.now() - conf().TAKEN_BACK_WITHIN
    for factor in factors:
        rows = factor.model._default_manager.filter(user_id=user.pk)
        for authenticator in rows if since is None else rows.filter(created_at__gte=since):
            forget(user, factor, authenticator, reason=reason, origin=SYSTEM)


def is_expired(authenticator: Authenticator) -> bool:
    """Whether it has waited for its first answer for too long."""
    age: timedelta = timezone.now() - authenticator.created_at
    return age > conf().ENROLMENT_LIFETIME


def _named(user: User, factor: Factor, authenticator: Authenticator) -> dict[str, Any]:
    return {"subject_id": str(user.pk), "factor": factor.name, "authenticator": key_of(authenticator, factor)}
