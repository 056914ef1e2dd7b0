"""The addresses of somebody signed in: add, remove, make primary, change, take a change back."""

from typing import Any

from allauth.account.models import EmailAddress

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import AddressKept, AddressUnproven, AddressYours, TooManyAddresses
from ciam_core.accounts.flows.verify import lock, make_row_primary, require_person, verify_row
from ciam_core.accounts.mail import hours_of, link_to, mail_account_exists, mail_alarm, mail_notice, mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.phones.queries import opens_by_number
from ciam_core.accounts.phones.texting import number_to_tell, text_notice
from ciam_core.accounts.queries import addresses_of, owner_of, proven_addresses_of
from ciam_core.events import (
    AddressAdded,
    AddressRemoved,
    AddressVerified,
    PrimaryAddressChanged,
    ProofRequested,
)
from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.proofs import Purpose, issue_proof, spend, void_proofs
from ciam_core.kernel.typing import User
from ciam_core.messages.masking import mask_address
from ciam_core.settings import conf
from ciam_core.throttling.doors import reserve_mail, reserve_notice


def add_address(user: AbstractCustomer, address: str, *, binding: str, origin: Origin) -> Proof:
    """Note another address and mail it a link and a code. Says the same when it belongs to another account.

    Raises ``AddressRefused``, ``AddressYours`` or ``TooManyAddresses``.
    """
    address = normalise_address(address)
    reserve_mail(address, origin=origin)
    told = number_to_tell(user, origin=origin)
    return _add(user, address, told=told, binding=binding, origin=origin)


@flow
def _add(user: AbstractCustomer, address: str, *, told: str | None, binding: str, origin: Origin) -> Proof:
    lock(user)
    _require_room(user, address)
    EmailAddress.objects.bulk_create([EmailAddress(user=user, email=address, primary=False, verified=False)])
    emit(AddressAdded(subject_id=str(user.pk), origin=origin))
    if user.email:
        mail_alarm("address_added", user, to=user.email, origin=origin, address=mask_address(address))
    elif told:
        text_notice("contact_added", user, to=told, origin=origin)
    return _ask_for_proof(user, address, purposes.verify_address(), binding=binding, origin=origin)


def resend_verification(
    user: AbstractCustomer, address_id: int, *, binding: str, origin: Origin, actor: User | None = None
) -> Proof:
    """Mail an address that is not proven yet again. Raises ``NotFoundError`` for a foreign or proven one.

    ``actor``: who asks for another. The mail then tells nothing of where they are.
    """
    row = _own(user, address_id)
    if row.verified:
        raise NotFoundError()
    reserve_mail(row.email, origin=origin)
    return _resend(user, row.email, binding=binding, origin=origin, actor=actor)


@flow
def _resend(user: AbstractCustomer, address: str, *, binding: str, origin: Origin, actor: User | None) -> Proof:
    return _ask_for_proof(user, address, purposes.verify_address(), binding=binding, origin=origin, actor=actor)


def remove_address(user: AbstractCustomer, address_id: int, *, origin: Origin) -> None:
    """Forget an address. Raises ``AddressKept`` for the primary one, ``NotFoundError`` for a foreign one.

    The last one may go where a proven number opens the account (``PHONES`` is ``sign_up``).
    """
    reserve_notice(str(user.pk))
    _remove(user, address_id, origin=origin)


@flow
def _remove(user: AbstractCustomer, address_id: int, *, origin: Origin) -> None:
    lock(user)
    row = _own(user, address_id)
    is_last = not addresses_of(user).exclude(pk=row.pk).exists()
    if row.primary and not (is_last and opens_by_number(user)):
        raise AddressKept()
    _tell_of_removal(user, row, origin=origin)
    EmailAddress.objects.filter(pk=row.pk).delete()
    if row.primary:
        user.email = None
        user.save(update_fields=["email"])
    _end_what_waits(user)
    emit(AddressRemoved(subject_id=str(user.pk), origin=origin))


def _tell_of_removal(user: AbstractCustomer, row: EmailAddress, *, origin: Origin) -> None:
    """Only the primary address can take it back: who loses the other one may have been the thief."""
    masked = mask_address(row.email)
    if user.email:
        mail_alarm("address_removed", user, to=user.email, origin=origin, address=masked)
    if row.verified and not row.primary:
        mail_notice("address_removed", user, to=row.email, origin=origin, address=masked)


def make_primary(user: AbstractCustomer, address_id: int, *, origin: Origin) -> None:
    """Send mail to this proven address from now on; the former one is told and can take it back."""
    reserve_notice(str(user.pk))
    _make_primary(user, address_id, origin=origin)


@flow
def _make_primary(user: AbstractCustomer, address_id: int, *, origin: Origin) -> None:
    lock(user)
    row = _own(user, address_id)
    if not row.verified:
        raise AddressUnproven()
    if row.primary:
        return
    former, held = user.email, proven_addresses_of(user)
    make_row_primary(user, row)
    _end_what_waits(user)
    emit(PrimaryAddressChanged(subject_id=str(user.pk), origin=origin))
    if former in held:
        _tell_former("primary_changed", user, former, row.email, held=held, origin=origin)


def change_address(user: AbstractCustomer, address: str, *, binding: str, origin: Origin) -> Proof:
    """Ask to replace the primary address; nothing changes until the new one is proven. Without one, it is added."""
    if not user.email:
        return add_address(user, address, binding=binding, origin=origin)
    address = normalise_address(address)
    reserve_mail(address, origin=origin)
    return _request_change(user, address, binding=binding, origin=origin)


@flow
def _request_change(user: AbstractCustomer, address: str, *, binding: str, origin: Origin) -> Proof:
    if addresses_of(user).filter(email=address, verified=True).exists():
        raise AddressYours()
    return _ask_for_proof(user, address, purposes.change_address(), binding=binding, origin=origin)


@flow
def complete_address_change(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend ``proof``: its address replaces the primary one, whose owner gets an undo link."""
    spend(proof)
    user = require_person(proof)
    lock(user, claimed=proof.address)
    former, held = user.email, proven_addresses_of(user)
    row = addresses_of(user).filter(email=proof.address).first()
    if row is None:
        row = EmailAddress(user_id=user.pk, email=proof.address)
        EmailAddress.objects.bulk_create([row])
    verify_row(user, row, origin=origin)
    make_row_primary(user, row)
    addresses_of(user).filter(email=former).exclude(pk=row.pk).delete()
    _end_what_waits(user)
    emit(AddressVerified(subject_id=str(user.pk), origin=origin))
    emit(PrimaryAddressChanged(subject_id=str(user.pk), origin=origin))
    if former in held:
        _tell_former("address_changed", user, former, row.email, held=held, origin=origin)
    return user


def _end_what_waits(user: AbstractCustomer) -> None:
    """No link or code from before a change of addresses outlives it."""
    void_proofs(str(user.pk), purposes.sign_in(), purposes.recover(), purposes.change_address())


def _own(user: Any, address_id: int) -> EmailAddress:
    row = addresses_of(user).filter(pk=address_id).first()
    if row is None:
        raise NotFoundError()
    return row


def _require_room(user: Any, address: str) -> None:
    held = [row.email for row in addresses_of(user)]
    if address in held:
        raise AddressYours()
    if len(held) >= conf().MAX_ADDRESSES:
        raise TooManyAddresses()


def _ask_for_proof(
    user: AbstractCustomer, address: str, purpose: Purpose, *, binding: str, origin: Origin, actor: User | None = None
) -> Proof:
    """Mail ``address`` its link and code, or tell its owner that somebody tried; the answer is the same.

    The proof is ``user``'s either way, so that it ends and is refused alike; of a taken address nobody learns the code.
    """
    data = {"asked_by_another": True} if actor else None
    issued = issue_proof(purpose, subject_id=str(user.pk), address=address, binding=binding, data=data)
    actor_id = str(actor.pk) if actor else None
    emit(ProofRequested(subject_id=str(user.pk), actor_id=actor_id, purpose=purpose.name, origin=origin))
    mailed = SYSTEM if actor else origin
    if owner_of(address) in (None, user):
        mail_proof("verify_address", issued, purpose, origin=mailed, signing_up=False)
        return issued.proof
    mail_account_exists(address, origin=mailed)
    return issued.proof


def _tell_former(
    template: str, user: AbstractCustomer, former: str, new: str, *, held: list[str], origin: Origin
) -> None:
    """Mail the former primary address a link that takes everything since back."""
    purpose = purposes.undo_address_change()
    issued = issue_proof(purpose, subject_id=str(user.pk), address=former, data={"held": held})
    mail_notice(
        template,
        user,
        to=former,
        origin=origin,
        new_address=mask_address(new),
        undo_link=link_to("ciam_link", issued.token or ""),
        hours=hours_of(purpose),
    )
