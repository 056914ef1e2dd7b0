"""Proving that an address receives mail."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import AccountUnavailable, AddressTaken
from ciam_core.accounts.mail import mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.passwords import void_password
from ciam_core.accounts.queries import addresses_of, has_proven_address, person
from ciam_core.events import AddressRemoved, AddressVerified, ProofRequested
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import ProofRejected, issue_proof, spend
from ciam_core.kernel.revocation import end_all_access
from ciam_core.throttling.doors import reserve_mail


def request_verification(
    address: str, *, subject_id: str | None, signing_up: bool, binding: str, origin: Origin
) -> Proof:
    """Mail ``address`` a new link and code, instead of the earlier ones. Without a subject nothing is sent."""
    reserve_mail(address, origin=origin)
    return _request(address, subject_id=subject_id, signing_up=signing_up, binding=binding, origin=origin)


@flow
def _request(address: str, *, subject_id: str | None, signing_up: bool, binding: str, origin: Origin) -> Proof:
    purpose = purposes.verify_address()
    issued = issue_proof(purpose, subject_id=subject_id, address=address, binding=binding)
    emit(ProofRequested(subject_id=subject_id, purpose=purpose.name, origin=origin))
    mail_proof("verify_address", issued, purpose, origin=origin, signing_up=signing_up, decoy=subject_id is None)
    return issued.proof


@flow
def verify_address(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend ``proof``: its address counts as proven. Raises ``ProofRejected`` or ``AddressTaken``."""
    spend(proof)
    user = require_person(proof)
    prove = prove_by_mail if proof.data.get("asked_by_another") else mark_proven
    prove(user, proof.address, origin=origin)
    return user


def lock(user: AbstractCustomer, *, claimed: str = "") -> None:
    """Inside a flow: changes of this person's addresses wait for one another, and for whoever else claims ``claimed``.

    All are locked in one order, before anything else of theirs is written.
    """
    claimants = EmailAddress.objects.filter(email=claimed).values("user_id")
    concerned: QuerySet[Any] = get_user_model()._default_manager.filter(Q(pk=user.pk) | Q(pk__in=claimants))
    held = dict(concerned.select_for_update().order_by("pk").values_list("pk", "state"))
    if held.get(user.pk) == AbstractCustomer.State.ERASED:
        raise AccountUnavailable()


def require_person(proof: Proof) -> AbstractCustomer:
    """The active person ``proof`` is about, or ``AccountUnavailable``."""
    user = person(proof.subject_id)
    if user is None or not user.is_active:
        raise AccountUnavailable()
    return user


def require_owner(proof: Proof) -> AbstractCustomer:
    """As ``require_person``, or one who left by their own choice and may come back."""
    user = person(proof.subject_id)
    if user is None or not (user.is_active or user.can_come_back):
        raise AccountUnavailable()
    return user


def mark_proven(user: AbstractCustomer, address: str, *, origin: Origin) -> None:
    """Inside a flow: note that ``user`` reads mail at ``address``, one of theirs."""
    if addresses_of(user).filter(email=address, verified=True).exists():
        return
    lock(user, claimed=address)
    row = addresses_of(user).filter(email=address).first()
    if row is None:  # removed since
        raise ProofRejected()
    verify_row(user, row, origin=origin)
    if not addresses_of(user).filter(primary=True, verified=True).exists():
        make_row_primary(user, row)
    emit(AddressVerified(subject_id=str(user.pk), origin=origin))


def prove_by_mail(user: AbstractCustomer, address: str, *, origin: Origin) -> None:
    """Inside a flow: as ``mark_proven``, where the proof was not asked for by whoever set the password.

    An account nobody had proven may have been opened by a stranger in this person's name: what the stranger set
    stops working (pre-hijacking: Sudhodanan and Paverd, USENIX Security 2022).
    """
    if not has_proven_address(user):
        lock(user, claimed=address)
        void_password(user, origin=origin)
        end_all_access(user, reason="address_proven_by_another")
    mark_proven(user, address, origin=origin)


def verify_row(user: AbstractCustomer, row: EmailAddress, *, origin: Origin) -> None:
    """Inside a flow that has locked who claims it: ``row`` is proven, which ends what others only claim.

    A second account that has proven it is refused by the database (``AddressTaken``).
    """
    claims = EmailAddress.objects.filter(email=row.email, verified=False).exclude(user_id=user.pk)
    for claim in claims.select_related("user"):
        if claim.user.email == row.email:
            claim.user.email = None
            claim.user.save(update_fields=["email"])
        claim.delete()
        emit(AddressRemoved(subject_id=str(claim.user_id), origin=origin))
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(pk=row.pk).update(verified=True)
    except IntegrityError as error:
        raise AddressTaken() from error
    row.verified = True


def make_row_primary(user: Any, row: EmailAddress) -> None:
    """Inside a flow: ``row`` becomes the primary address, and ``User.email`` repeats it."""
    addresses_of(user).filter(primary=True).exclude(pk=row.pk).update(primary=False)
    EmailAddress.objects.filter(pk=row.pk).update(primary=True)
    row.primary = True
    if user.email != row.email:
        user.email = row.email
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
        except IntegrityError as error:
            raise AddressTaken() from error
