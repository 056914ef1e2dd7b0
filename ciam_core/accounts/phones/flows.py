"""The phone numbers of somebody signed in, and signing in by a code that is texted to one."""

from datetime import datetime
from typing import Literal

from django.db.models import Q

from ciam_core.accounts.flows.sign_in import reopen
from ciam_core.accounts.flows.verify import lock, require_owner
from ciam_core.accounts.mail import mail_alarm
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.phones import purposes
from ciam_core.accounts.phones.exceptions import PhoneKept, PhoneUnproven, PhoneYours, TooManyPhones
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.normalising import mask_number, normalise_number
from ciam_core.accounts.phones.queries import person_at_number, phone_index, phones_at, phones_of
from ciam_core.accounts.phones.texting import number_of, number_to_tell, reserve_text, text_notice, text_proof
from ciam_core.accounts.phones.verify import prove_by_text
from ciam_core.accounts.queries import has_proven_address
from ciam_core.events import PhoneAdded, PhoneRemoved, PrimaryPhoneChanged
from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.proofs import spend, void_proofs
from ciam_core.kernel.typing import User
from ciam_core.settings import conf


def add_phone(user: AbstractCustomer, number: str, *, binding: str, origin: Origin) -> Proof:
    """Note another number and text it a code. Says the same when it belongs to another account.

    Raises ``PhoneRefused``, ``PhoneYours``, ``TooManyPhones``, ``TooManyAttempts``, or ``NotFoundError`` where
    ``PHONES`` is off.
    """
    _require_on("add")
    number = normalise_number(number)
    reserve_text(number, origin)
    told = number_to_tell(user, origin=origin)
    return _add(user, number, told=told, binding=binding, origin=origin)


@flow
def _add(user: AbstractCustomer, number: str, *, told: str | None, binding: str, origin: Origin) -> Proof:
    lock(user)
    row = _room_for(user, number)
    emit(PhoneAdded(subject_id=str(user.pk), origin=origin))
    if user.email:
        mail_alarm("phone_added", user, to=user.email, origin=origin, number=row.hint)
    elif told:
        text_notice("contact_added", user, to=told, origin=origin)
    return _ask_for_proof(user, row, binding=binding, origin=origin)


def resend_phone_code(user: AbstractCustomer, phone_id: int, *, binding: str, origin: Origin) -> Proof:
    """Text a number that is not proven yet again. Raises ``NotFoundError`` for a foreign or proven one."""
    _require_on("add")
    row = _own(user, phone_id)
    if row.verified_at:
        raise NotFoundError()
    reserve_text(row.number, origin)
    return _resend(user, row, binding=binding, origin=origin)


@flow
def _resend(user: AbstractCustomer, row: Phone, *, binding: str, origin: Origin) -> Proof:
    return _ask_for_proof(user, row, binding=binding, origin=origin)


@flow
def remove_phone(user: AbstractCustomer, phone_id: int, *, origin: Origin) -> None:
    """Forget a number; the next proven one becomes primary. Raises ``PhoneKept`` for the only way in."""
    lock(user)
    row = _own(user, phone_id)
    others = phones_of(user).filter(verified_at__isnull=False).exclude(pk=row.pk)
    if row.verified_at and not has_proven_address(user) and not others.exists():
        raise PhoneKept()
    if user.email:
        mail_alarm("phone_removed", user, to=user.email, origin=origin, number=row.hint)
    _forget(user, [row], origin=origin)


@flow
def make_primary_phone(user: AbstractCustomer, phone_id: int, *, origin: Origin) -> None:
    """This proven number is the one to text from now on. Raises ``PhoneUnproven`` or ``NotFoundError``."""
    lock(user)
    row = _own(user, phone_id)
    if row.verified_at is None:
        raise PhoneUnproven()
    if not row.primary:
        _make_row_primary(user, row)
        emit(PrimaryPhoneChanged(subject_id=str(user.pk), origin=origin))


def request_sms_sign_in(number: str, *, binding: str, origin: Origin) -> Proof:
    """Text ``number`` a code that works in the browser ``binding`` stands for.

    Answers alike whether or not there is an account. Without one nothing is sent: a text to a stranger costs money.
    """
    _require_on("sign_in")
    number = normalise_number(number)
    reserve_text(number, origin)
    return _request_sms_sign_in(number, binding=binding, origin=origin)


@flow
def _request_sms_sign_in(number: str, *, binding: str, origin: Origin) -> Proof:
    user = person_at_number(number)
    subject_id = str(user.pk) if user and (user.is_active or user.can_come_back) else None
    purpose = purposes.sign_in_by_sms()
    return text_proof("sign_in", number, purpose, phone_id=None, subject_id=subject_id, binding=binding, origin=origin)


@flow
def sign_in_by_sms(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend a texted code: whose it was. Raises ``ProofRejected`` or ``AccountUnavailable``."""
    _require_on("sign_in")
    spend(proof)
    user = require_owner(proof)
    prove_by_text(user, number_of(proof), origin=origin)
    reopen(user, origin=origin)
    return user


def remove_recent_phones(user: AbstractCustomer, *, since: datetime, origin: Origin) -> None:
    """Inside a flow that has locked the person: numbers added or proven after ``since`` may be a thief's.

    The one the account was opened with is not: a thief could add an address, and take the account by its mail.
    """
    recent = Q(added_at__gte=since) | Q(verified_at__gte=since)
    later = phones_of(user).filter(recent, added_at__gt=user.date_joined)
    _forget(user, list(later), origin=origin)


def forget_strangers_phones(user: User, reason: str) -> None:
    """The revoker: whoever had the account before its owner proved the address was a stranger (LK2)."""
    if reason == "address_proven_by_another":
        _forget(user, list(phones_of(user)), origin=SYSTEM)


def _require_on(what: Literal["add", "sign_in"]) -> None:
    if not conf().phones_may(what):
        raise NotFoundError()


def _own(user: AbstractCustomer, phone_id: int) -> Phone:
    row = phones_of(user).filter(pk=phone_id).first()
    if row is None:
        raise NotFoundError()
    return row


def _room_for(user: AbstractCustomer, number: str) -> Phone:
    if phones_at(number).filter(user_id=user.pk).exists():
        raise PhoneYours()
    if phones_of(user).count() >= conf().MAX_PHONES:
        raise TooManyPhones()
    row = Phone(user_id=user.pk, number=number, index=phone_index(number), hint=mask_number(number))
    row.save(force_insert=True)
    return row


def _ask_for_proof(user: AbstractCustomer, row: Phone, *, binding: str, origin: Origin) -> Proof:
    """Whose the number is otherwise is not looked up before it is proven, so nothing can tell."""
    purpose, subject_id = purposes.verify_phone(), str(user.pk)
    return text_proof(
        "verify_phone", row.number, purpose, phone_id=row.pk, subject_id=subject_id, binding=binding, origin=origin
    )


def _make_row_primary(user: User, row: Phone) -> None:
    phones_of(user).filter(primary=True).update(primary=False)
    Phone.objects.filter(pk=row.pk).update(primary=True)


def _forget(user: User, rows: list[Phone], *, origin: Origin) -> None:
    """No code from before outlives the number it went to."""
    if not rows:
        return
    Phone.objects.filter(pk__in=[row.pk for row in rows]).delete()
    void_proofs(str(user.pk), purposes.verify_phone(), purposes.sign_in_by_sms(), purposes.recover_by_sms())
    for _ in rows:
        emit(PhoneRemoved(subject_id=str(user.pk), origin=origin))
    heir = phones_of(user).filter(verified_at__isnull=False).first()
    if heir and not heir.primary:
        _make_row_primary(user, heir)
