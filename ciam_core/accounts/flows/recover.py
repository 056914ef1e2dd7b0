"""Coming back without the password."""

from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts import purposes
from ciam_core.accounts.flows.sign_in import reopen, tell_unknown
from ciam_core.accounts.flows.verify import prove_by_mail, require_owner
from ciam_core.accounts.mail import mail_alarm, mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.passwords import AcceptedPassword, accept_password, store_password
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.phones.purposes import recover_by_sms
from ciam_core.accounts.phones.queries import person_at_number
from ciam_core.accounts.phones.texting import is_texted, number_of, reserve_text, text_notice, text_proof
from ciam_core.accounts.phones.verify import prove_by_text
from ciam_core.accounts.queries import person_at
from ciam_core.accounts.recent import added_lately
from ciam_core.events import ProofRequested
from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.proofs import ProofRejected, Purpose, issue_proof, spend, void_decoys
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.typing import User
from ciam_core.settings import conf
from ciam_core.throttling.doors import reserve_mail


def request_recovery(address: str, *, origin: Origin, actor: User | None = None) -> Proof:
    """Mail ``address`` a code and a link to choose a new password. Answers alike for addresses without an account.

    ``actor``: who asks for another. The mail then tells nothing of where they are.
    """
    address = normalise_address(address)
    reserve_mail(address, origin=origin)
    return _request_recovery(address, origin=origin, actor=actor)


@flow
def _request_recovery(address: str, *, origin: Origin, actor: User | None) -> Proof:
    purpose = purposes.recover()
    user = person_at(address)
    subject_id = str(user.pk) if user and (user.is_active or user.can_come_back) else None
    if subject_id is None:
        void_decoys(purpose, address=address)
    issued = issue_proof(purpose, subject_id=subject_id, address=address)
    actor_id = str(actor.pk) if actor else None
    emit(ProofRequested(subject_id=subject_id, actor_id=actor_id, purpose=purpose.name, origin=origin))
    mailed = SYSTEM if actor else origin
    if subject_id:
        mail_proof("recover", issued, purpose, origin=mailed)
    else:
        tell_unknown(address, origin=mailed, silent=user is not None, good_for=purpose.lifetime)
    return issued.proof


def request_recovery_by_phone(number: str, *, origin: Origin) -> Proof:
    """Text ``number`` a code to choose a new password, where its account has no address to mail.

    Answers alike for every number. Raises ``PhoneRefused``, ``TooManyAttempts``, or ``NotFoundError`` unless ``PHONES``
    is ``sign_up``.
    """
    if not conf().phones_may("sign_up"):
        raise NotFoundError()
    number = normalise_number(number)
    reserve_text(number, origin)
    return _request_recovery_by_phone(number, origin=origin)


@flow
def _request_recovery_by_phone(number: str, *, origin: Origin) -> Proof:
    purpose = recover_by_sms()
    user = person_at_number(number)
    # A number is taken over more easily than a mailbox: where there is one, the number alone opens nothing new.
    alone = user is not None and not user.email and (user.is_active or user.can_come_back)
    subject_id = str(user.pk) if user and alone else None
    return text_proof("recover", number, purpose, phone_id=None, subject_id=subject_id, binding="", origin=origin)


def request_recovery_again(earlier: Proof, *, origin: Origin) -> Proof:
    """Another code to where that of ``earlier`` went."""
    if is_texted(earlier):
        return request_recovery_by_phone(number_of(earlier), origin=origin)
    return request_recovery(earlier.address, origin=origin)


def recovery_purpose(waiting: Proof | None) -> Purpose:
    return recover_by_sms() if waiting is not None and is_texted(waiting) else purposes.recover()


@sensitive_variables()
def recover(proof: Proof, *, password: str, origin: Origin) -> AbstractCustomer:
    """Spend ``proof`` and set ``password``; every session and outstanding link ends.

    What was added lately stays: it may be the owner's, who is told of it beside a link that takes it back.
    Raises ``PasswordRefused``, ``ProofRejected`` or ``AccountUnavailable``.
    """
    about = number_of(proof) if is_texted(proof) else proof.address
    return _set_recovered(proof, accept_password(password, about=[about]), origin=origin)


@flow
def _set_recovered(proof: Proof, accepted: AcceptedPassword, *, origin: Origin) -> AbstractCustomer:
    spend(proof)
    user = require_owner(proof)
    _prove(user, proof, origin=origin)
    store_password(user, accepted, replaces=None, reason="recovered", origin=origin)
    reopen(user, origin=origin)
    end_all_access(user, reason="password_recovered")
    if user.email:
        mail_alarm("password_changed", user, to=user.email, origin=origin, added=added_lately(user))
    else:  # one text for each code, which was counted
        text_notice("password_changed", user, to=number_of(proof), origin=origin)
    return user


def _prove(user: AbstractCustomer, proof: Proof, *, origin: Origin) -> None:
    if not is_texted(proof):
        prove_by_mail(user, proof.address, origin=origin)
    elif user.email:  # added since the code was asked for
        raise ProofRejected()
    else:
        prove_by_text(user, number_of(proof), origin=origin)
