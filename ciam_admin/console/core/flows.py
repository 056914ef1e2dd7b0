"""What only staff do: see personal values, change rights, take the trail away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission

from ciam_admin.console.core.queries import Told, activity_of, told_by
from ciam_admin.console.core.rules import require_above
from ciam_admin.events import PersonalDataRevealed, RightsChanged, TrailExported
from ciam_admin.exceptions import RevealReasonUnknown
from ciam_admin.settings import conf
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.models import AbstractCustomer, AuditEvent
from ciam_core.queries import addresses_of, person, phones_of, profile_of


@dataclass(frozen=True)
class Revealed:
    """What is known of a person, in clear. For one response; never kept."""

    addresses: list[EmailAddress]
    phones: list[str]
    profile: dict[str, Any]
    activity: list[Told]


@flow
def reveal_person(
    user: AbstractCustomer, *, reason: str, ticket: str, actor: AbstractCustomer, origin: Origin
) -> Revealed:
    """Show ``actor`` the personal values of ``user``.

    ``reason`` is one of ``REVEAL_REASONS`` (``RevealReasonUnknown``), ``ticket`` the number of a case elsewhere, never
    free text. Raises ``OwnAccount`` or ``AboveYou``.
    """
    require_above(actor, user)
    _require_reason(reason)
    _record(str(user.pk), reason=reason, ticket=ticket, actor=actor, origin=origin)
    numbers = [row.number for row in phones_of(user)]
    return Revealed(list(addresses_of(user)), numbers, profile_of(user, reader="staff"), activity_of(user))


@flow
def reveal_part(
    user: AbstractCustomer, *, part: str, reason: str, ticket: str, actor: AbstractCustomer, origin: Origin
) -> None:
    """Let ``actor`` see what is masked in one list of ``user``: ``sessions`` or ``devices``. As ``reveal_person``."""
    require_above(actor, user)
    _require_reason(reason)
    _record(str(user.pk), reason=reason, ticket=ticket, actor=actor, origin=origin, part=part)


@flow
def reveal_event(
    event: AuditEvent, *, reason: str, ticket: str, actor: AbstractCustomer, origin: Origin
) -> dict[str, Any] | None:
    """Show ``actor`` what one row of the trail holds; None after its person's erasure. As ``reveal_person``."""
    subject = person(event.subject_id)
    if subject is not None:
        require_above(actor, subject)
    _require_reason(reason)
    _record(event.subject_id, reason=reason, ticket=ticket, actor=actor, origin=origin, event=str(event.pk))
    return told_by([event])[0].details


@flow
def change_rights(
    user: AbstractCustomer,
    *,
    is_staff: bool,
    is_superuser: bool,
    groups: Iterable[Group],
    user_permissions: Iterable[Permission],
    actor: AbstractCustomer,
    origin: Origin,
) -> None:
    """Say what ``user`` may do as staff. Raises ``OwnAccount``, and ``AboveYou`` unless ``actor`` is a superuser."""
    require_above(actor, user, superusers_only=True)
    flags: dict[str, bool] = {"is_staff": is_staff, "is_superuser": is_superuser}
    held: dict[str, Any] = type(user)._default_manager.filter(pk=user.pk).values(*flags).get()
    type(user)._default_manager.filter(pk=user.pk).update(**flags)
    changed = [name for name, value in flags.items() if held[name] != value]
    for name, wanted in (("groups", set(groups)), ("user_permissions", set(user_permissions))):
        relation = getattr(user, name)
        if set(relation.all()) != wanted:
            relation.set(wanted)
            changed.append(name)
    if changed:
        emit(RightsChanged(subject_id=str(user.pk), actor_id=str(actor.pk), rights=tuple(changed), origin=origin))


@flow
def record_export(
    *, form: str, subject_id: str | None, filters: Iterable[str], actor: AbstractCustomer, origin: Origin
) -> TrailExported:
    """Note that ``actor`` takes a copy of the trail, before the first row leaves. ``form``: ``csv`` or ``jsonl``."""
    event = TrailExported(
        subject_id=subject_id, actor_id=str(actor.pk), form=form, filters=tuple(filters), origin=origin
    )
    emit(event)
    return event


def _require_reason(reason: str) -> None:
    if reason not in conf().REVEAL_REASONS:
        raise RevealReasonUnknown()


def _record(subject_id: str | None, *, actor: AbstractCustomer, **told: Any) -> None:
    emit(PersonalDataRevealed(subject_id=subject_id, actor_id=str(actor.pk), **told))
