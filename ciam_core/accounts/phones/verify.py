"""Proving that a number receives texts."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from ciam_core.accounts.flows.verify import lock, require_person
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.passwords import void_password
from ciam_core.accounts.phones.exceptions import PhoneTaken
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.purposes import verify_phone as purpose_of_proof
from ciam_core.accounts.phones.queries import owner_of_phone, person_at_number, phones_at, phones_of
from ciam_core.accounts.phones.texting import number_of, reserve_text, text_proof
from ciam_core.accounts.queries import has_proven_contact
from ciam_core.events import PhoneRemoved, PhoneVerified
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import ProofRejected, spend
from ciam_core.kernel.revocation import end_all_access


def request_phone_verification(number: str, *, subject_id: str | None, binding: str, origin: Origin) -> Proof:
    """Text the ``number`` of a sign-up a new code, instead of the earlier one. Without a subject nothing is sent."""
    reserve_text(number, origin)
    return _request(number, subject_id=subject_id, binding=binding, origin=origin)


@flow
def _request(number: str, *, subject_id: str | None, binding: str, origin: Origin) -> Proof:
    return text_proof(
        "verify_phone",
        number,
        purpose_of_proof(),
        phone_id=None,
        subject_id=subject_id,
        binding=binding,
        origin=origin,
    )


@flow
def verify_phone(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend ``proof``: its number is this person's. Raises ``ProofRejected`` or ``PhoneTaken``."""
    spend(proof)
    user = require_person(proof)
    lock(user)
    mark_number_proven(user, number_of(proof), origin=origin)
    return user


def prove_by_text(user: AbstractCustomer, number: str, *, origin: Origin) -> None:
    """Inside a flow: as ``prove_by_mail``. A stranger may have opened the account with somebody else's number.

    A number that was merely noted beside others proves nothing (``ProofRejected``).
    """
    holder = person_at_number(number)
    if holder is None or holder.pk != user.pk:
        raise ProofRejected()
    if not has_proven_contact(user):
        lock(user)
        void_password(user, origin=origin)
        end_all_access(user, reason="phone_proven_by_another")
    mark_number_proven(user, number, origin=origin)


def mark_number_proven(user: AbstractCustomer, number: str, *, origin: Origin) -> None:
    """Inside a flow: note that ``user`` reads texts to ``number``, one of theirs."""
    row = phones_at(number).filter(user_id=user.pk).first()
    if row is None:  # removed since
        raise ProofRejected()
    if row.verified_at is None:
        _end_claims(user, row, origin=origin)
        _mark(user, row)
        emit(PhoneVerified(subject_id=str(user.pk), origin=origin))


def _end_claims(user: AbstractCustomer, row: Phone, *, origin: Origin) -> None:
    """Who signed up with this number and never proved it has it no more."""
    for claim in phones_at(row.number).filter(primary=True, verified_at=None).exclude(user_id=user.pk):
        if phones_of(claim.user).filter(pk=claim.pk, verified_at=None).delete()[0]:
            emit(PhoneRemoved(subject_id=str(claim.user_id), origin=origin))


def _mark(user: AbstractCustomer, row: Phone) -> None:
    """Of two accounts that prove one number at once the database lets one through."""
    if owner_of_phone(row.number) is not None:
        raise PhoneTaken()
    first = not phones_of(user).filter(primary=True).exclude(pk=row.pk).exists()
    try:
        with transaction.atomic():
            proven = Phone.objects.filter(pk=row.pk).update(verified_at=timezone.now(), primary=first)
    except IntegrityError as error:
        raise PhoneTaken() from error
    if not proven:  # proven by another in the meantime, who ended this claim
        raise ProofRejected()
