"""Proving who is there: by password, by a mailed code or link."""

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.accounts.flows.contacts import Address, Contact
from ciam_core.accounts.flows.verify import prove_by_mail, require_owner
from ciam_core.accounts.mail import link_to, mail_password_closed, mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.normalising import AddressRefused, normalise_address
from ciam_core.accounts.passwords import write_password
from ciam_core.accounts.phones.contact import Number
from ciam_core.accounts.phones.exceptions import PhoneRefused
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.queries import addresses_of, person_at
from ciam_core.events import (
    BreachCheckUnavailable,
    PasswordBreachFound,
    PasswordClosedToStrangers,
    ProofRequested,
    SignedOut,
    SignInRejected,
)
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow, remember
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import issue_proof, spend, void_decoys
from ciam_core.messages.flows import send_message
from ciam_core.passwords.breached import is_breached
from ciam_core.passwords.queries import even_out_refusal, hash_password, needs_rehash, verify_password
from ciam_core.settings import conf
from ciam_core.throttling.doors import PasswordTry, reopen_password, reserve_mail, reserve_sign_in


@sensitive_variables()
def sign_in_with_password(address: str, *, password: str, origin: Origin) -> AbstractCustomer:
    """Whose password this is. Raises ``SignInRefused`` or ``TooManyAttempts``, alike for an unknown address.

    ``address`` may be a number where ``PHONES`` is ``sign_up``.
    The caller still asks the account's state and any second factor (``perform_login`` does).
    """
    contact = _contact(address)
    attempt = reserve_sign_in(contact.key, password=password, origin=origin)
    started = time.thread_time()
    user = attempt.owner or contact.holder()
    if not verify_password(user, password) or user is None:
        refusal = SignInRefused(record=_rejected(user, origin))
        remember(refusal)
        attempt.fail(known=user is not None, origin=origin)
        if attempt.is_last:
            _close_password(user, contact.key, attempt, origin=origin)
        even_out_refusal(password, since=started)
        raise refusal
    attempt.succeed()
    _keep_password_fresh(user, password, origin=origin)
    return user


def _contact(typed: str) -> Contact:
    if conf().phones_may("sign_up") and "@" not in typed:
        with suppress(PhoneRefused):
            return Number(normalise_number(typed))
    return Address(_spelling(typed))


def _spelling(address: str) -> str:
    """The address as accounts are found by; one that could not be anybody's is counted as it was typed."""
    try:
        return normalise_address(address)
    except AddressRefused:
        return "".join(mark if mark.isprintable() else "�" for mark in address.strip().lower()[:254])


def _rejected(user: AbstractCustomer | None, origin: Origin) -> SignInRejected:
    subject = str(user.pk) if user else None
    return SignInRejected(
        subject_id=subject, method="password", reason="password" if user else "unknown", origin=origin
    )


@flow
def _close_password(user: AbstractCustomer | None, address: str, attempt: PasswordTry, *, origin: Origin) -> None:
    """No more passwords are taken in this lane: the owner is told, once. Without one, the same work is done."""
    has_owner = user is not None and user.is_active and user.has_usable_password()
    subject_id = str(user.pk) if user and has_owner else None
    emit(PasswordClosedToStrangers(subject_id=subject_id, device=not attempt.stranger, origin=origin))
    if attempt.stranger:
        mail_password_closed(user if user and user.email and has_owner else None, address, origin=origin)


@sensitive_variables()
def _keep_password_fresh(user: AbstractCustomer, password: str, *, origin: Origin) -> None:
    """While the password is at hand: hash it as the settings say today, and look for it among the breached ones."""
    checked = user.password_checked_at
    due = checked is None or checked < timezone.now() - conf().BREACHED_PASSWORDS_RECHECK
    verified = user.password
    encoded = hash_password(password) if needs_rehash(verified) else None
    breached = is_breached(password) if due else False
    now = timezone.now()
    noted: dict[str, Any] = {"password": encoded} if encoded else {}
    if due and breached is not None:
        noted["password_checked_at"] = now
    if breached:
        noted["password_breached_at"] = now
    if noted or breached is None:
        _note_password(user, noted, verified=verified, breached=breached, origin=origin)


@flow
def _note_password(
    user: AbstractCustomer, noted: dict[str, Any], *, verified: str, breached: bool | None, origin: Origin
) -> None:
    if noted and not write_password(user, noted, replaces=verified):
        raise SignInRefused()  # changed, recovered or voided while this one was being looked at
    if breached:
        emit(PasswordBreachFound(subject_id=str(user.pk), origin=origin))
    if breached is None:
        emit(BreachCheckUnavailable(subject_id=str(user.pk), origin=origin))


def request_sign_in(address: str, *, binding: str, origin: Origin) -> Proof:
    """Mail ``address`` a code and a link that work in the browser ``binding`` stands for.

    Answers alike whether or not there is an account; without one the address is told so (``TELL_UNKNOWN_ADDRESSES``).
    """
    address = normalise_address(address)
    reserve_mail(address, origin=origin)
    return _request_sign_in(address, binding=binding, origin=origin)


@flow
def _request_sign_in(address: str, *, binding: str, origin: Origin) -> Proof:
    purpose = purposes.sign_in()
    user = person_at(address)
    subject_id = str(user.pk) if user and (user.is_active or user.can_come_back) else None
    if subject_id is None:
        void_decoys(purpose, address=address)
    issued = issue_proof(purpose, subject_id=subject_id, address=address, binding=binding)
    emit(ProofRequested(subject_id=subject_id, purpose=purpose.name, origin=origin))
    if subject_id:
        mail_proof("sign_in", issued, purpose, origin=origin)
    else:
        tell_unknown(address, origin=origin, silent=user is not None, good_for=purpose.lifetime)
    return issued.proof


def tell_unknown(address: str, *, origin: Origin, silent: bool, good_for: timedelta) -> None:
    """Inside a flow: say that there is no account here, or write a row that looks the same and is never sent."""
    send_message(
        "unknown_account",
        to=address,
        subject_id=None,
        origin=origin,
        good_for=good_for,
        context={"sign_up_link": link_to("ciam_sign_up")},
        decoy=silent or not conf().TELL_UNKNOWN_ADDRESSES,
    )


@flow
def sign_in_with_proof(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend a mailed code or link: whose it was. Raises ``ProofRejected`` or ``AccountUnavailable``."""
    spend(proof)
    user = require_owner(proof)
    prove_by_mail(user, proof.address, origin=origin)
    reopen(user, origin=origin)
    return user


def reopen(user: AbstractCustomer, *, origin: Origin) -> None:
    """Inside a flow: the owner has come in without a password, so that wrong passwords of before no longer count."""
    numbers = [row.index for row in phones_of(user)] if conf().phones_may("sign_up") else []
    reopen_password(str(user.pk), [*(row.email for row in addresses_of(user)), *numbers], origin=origin)


@flow
def record_sign_out(user: AbstractCustomer, *, origin: Origin) -> None:
    emit(SignedOut(subject_id=str(user.pk), origin=origin))
