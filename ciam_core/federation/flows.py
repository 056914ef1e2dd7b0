"""Every change of a linked identity: sign in and up with one, link, unlink, and losing one."""

from datetime import timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils import timezone

from ciam_core.building.flows import (
    clean_profile,
    has_proven_address,
    has_proven_contact,
    lock,
    mail_alarm,
    mask_address,
    normalise_address,
    open_proven_account,
    person_at,
    prove_by_mail,
    reopen,
    require_may_sign_up,
    reserve_unmailed_sign_up,
)
from ciam_core.exceptions import AccountUnavailable
from ciam_core.federation.events import IdentityLinked, IdentityUnlinked
from ciam_core.federation.exceptions import AddressUnconfirmed, IdentityTaken, LastWayIn, OwnershipUnproven
from ciam_core.federation.identity import Identity
from ciam_core.federation.queries import identities_of, linked, provider_name
from ciam_core.federation.settings import conf
from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.typing import User
from ciam_core.models import AbstractCustomer


def sign_in_with_identity(
    identity: Identity, *, origin: Origin, profile: dict[str, Any] | None = None
) -> AbstractCustomer:
    """Whose identity this is; at first sight an account is opened, if a trusted provider has proven its address.

    Raises ``AddressUnconfirmed``, ``OwnershipUnproven`` (the address has an account), ``ProfileRefused`` (sign-up asks
    for more), ``SignUpClosed`` or ``TooManyAttempts``. The caller asks the account's state and any second factor.
    """
    row = linked(identity)
    if row is not None:
        return _sign_in(row, origin=origin)
    if not identity.proven:
        raise AddressUnconfirmed()
    address = normalise_address(identity.address)
    owner = person_at(address)
    if owner is not None and has_proven_address(owner):
        raise OwnershipUnproven()
    if owner is not None:
        return _take_over(owner, identity, address, origin=origin)
    require_may_sign_up(address, origin=origin)
    values = clean_profile(profile or {}, editor="customer", moment="sign_up")
    reserve_unmailed_sign_up(origin=origin)
    return _sign_up(identity, address, values=values, origin=origin)


@flow
def _sign_in(row: SocialAccount, *, origin: Origin) -> AbstractCustomer:
    if not SocialAccount.objects.filter(pk=row.pk).update(last_login=timezone.now()):
        raise OwnershipUnproven()  # unlinked since
    person: AbstractCustomer = row.user
    reopen(person, origin=origin)
    return person


@flow
def _sign_up(identity: Identity, address: str, *, values: dict[str, Any], origin: Origin) -> AbstractCustomer:
    person = open_proven_account(address, values=values, origin=origin)
    if person is None:  # a racing request opened one: this person's, or somebody else's
        row = linked(identity)
        if row is None:
            raise OwnershipUnproven()
        person = row.user
    else:
        _attach(person, identity, origin=origin)
    return person


@flow
def _take_over(owner: AbstractCustomer, identity: Identity, address: str, *, origin: Origin) -> AbstractCustomer:
    """Whoever signed up with this address never proved it; now somebody has (LK2)."""
    lock(owner, claimed=address)
    if not owner.is_active:
        raise AccountUnavailable()
    if has_proven_address(owner) and linked(identity) is None:
        raise OwnershipUnproven()  # proven meanwhile, by its owner
    prove_by_mail(owner, address, origin=origin)
    if linked(identity) is None:
        _attach(owner, identity, origin=origin)
    return owner


@flow
def link_identity(user: AbstractCustomer, identity: Identity, *, origin: Origin) -> SocialAccount:
    """From now on this identity signs in to the account of ``user``, who is told. Raises ``IdentityTaken``."""
    lock(user)
    row = linked(identity)
    if row is not None and row.user_id == user.pk:
        return row
    row = _attach(user, identity, origin=origin)
    if user.email:
        told = provider_name(identity.provider)
        mail_alarm("identity_linked", user, to=user.email, origin=origin, provider=told)
    return row


@flow
def unlink_identity(user: AbstractCustomer, identity_id: int, *, origin: Origin) -> None:
    """This identity opens the account no more. Raises ``LastWayIn``; ``NotFoundError`` for a foreign one."""
    lock(user)
    row = identities_of(user).filter(pk=identity_id).first()
    if row is None:
        raise NotFoundError()
    _require_other_way(user, row)
    if user.email:
        told = provider_name(row.provider)
        mail_alarm("identity_unlinked", user, to=user.email, origin=origin, provider=told)
    row.delete()
    emit(IdentityUnlinked(subject_id=str(user.pk), provider=row.provider, reason="chosen", origin=origin))


def unlink_lost(user: User, reason: str, *, within: timedelta | None) -> None:
    """Inside a flow: forget the identities that whoever is shut out may have linked, ``within`` a span or all."""
    held = identities_of(user)
    if within is not None:
        held = held.filter(date_joined__gte=timezone.now() - within)
    for row in held:
        emit(IdentityUnlinked(subject_id=str(user.pk), provider=row.provider, reason=reason, origin=SYSTEM))
        row.delete()


def _attach(user: AbstractCustomer, identity: Identity, *, origin: Origin) -> SocialAccount:
    """The row, or ``IdentityTaken``: the database lets one account have it."""
    shown = {"issuer": identity.issuer, "address": mask_address(identity.address) if identity.address else ""}
    row = SocialAccount(user=user, provider=identity.provider, uid=identity.subject, extra_data=shown)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise IdentityTaken() from error
    emit(IdentityLinked(subject_id=str(user.pk), provider=identity.provider, origin=origin))
    return row


def _require_other_way(user: AbstractCustomer, row: SocialAccount) -> None:
    others = identities_of(user).filter(provider__in=conf().providers).exclude(pk=row.pk).exists()
    if not (user.has_usable_password() or has_proven_contact(user) or others):
        raise LastWayIn()


__all__ = ["link_identity", "sign_in_with_identity", "unlink_identity", "unlink_lost"]
