"""Opening an account."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import SignUpClosed
from ciam_core.accounts.flows.verify import mark_proven
from ciam_core.accounts.mail import mail_account_exists, mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.passwords import AcceptedPassword, accept_password, store_password, tell_password
from ciam_core.accounts.profile.flows import clean_profile, write_profile
from ciam_core.accounts.queries import has_proven_address, person_at
from ciam_core.adapters import CoreAdapter
from ciam_core.events import AccountRegistered, PasswordSet, ProofRequested
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.events import emit, rehearse
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import issue_proof
from ciam_core.passwords.policy import require_acceptable
from ciam_core.settings import conf
from ciam_core.throttling.doors import reserve_sign_up, reserve_unmailed_sign_up


@dataclass(frozen=True)
class Registration:
    """``person`` is None where the address had an account: its owner is told, and nobody else learns of it."""

    person: AbstractCustomer | None
    proof: Proof


@sensitive_variables()
def register(
    address: str, *, password: str | None, binding: str, origin: Origin, profile: dict[str, Any] | None = None
) -> Registration:
    """Open an account for ``address`` and mail it a link and a code. Without ``password`` it signs in by mail.

    ``binding`` stands for the browser or app that asks: the link works only there. Empty: anywhere.

    Raises ``AddressRefused``, ``SignUpClosed``, ``PasswordRefused``, ``ProfileRefused`` or ``TooManyAttempts``.
    """
    address = normalise_address(address)
    require_may_sign_up(address, origin=origin)
    values = clean_profile(profile or {}, editor="customer", moment="sign_up")
    if password is not None:
        require_acceptable(password, about=[address])  # costs nothing, so it is not counted
    reserve_sign_up(address, origin=origin)
    accepted = accept_password(password, about=[address]) if password is not None else None
    return _open_account(address, accepted, values=values, binding=binding, origin=origin)


def require_may_sign_up(address: str, *, origin: Origin) -> None:
    """Ask the host. Raises ``SignUpClosed``."""
    adapter: CoreAdapter = adapter_of(conf)
    if not adapter.may_sign_up(address, origin=origin):
        raise SignUpClosed()


def open_proven_account(address: str, *, values: dict[str, Any], origin: Origin) -> AbstractCustomer | None:
    """Inside a flow: an account for somebody of whom another system has proven that ``address`` is theirs.

    ``values``: a profile that ``clean_profile`` let through. None if a racing request took the address first.
    """
    person = _create(address, None)
    if person is not None:
        write_profile(person, values)
        emit(AccountRegistered(subject_id=str(person.pk), origin=origin))
        mark_proven(person, address, origin=origin)
    return person


def register_again(person: AbstractCustomer | None, *, address: str, password: str | None, origin: Origin) -> None:
    """The same sign-up once more, from the browser that waits for its proof: the newer password counts.

    ``person`` is None where the address had an account; then nothing changes, at the same cost.
    """
    if password is None:
        return
    require_acceptable(password, about=[address])
    reserve_unmailed_sign_up(origin=origin)
    accepted = accept_password(password, about=[address])
    if person is not None and not has_proven_address(person):
        _replace_password(person, accepted, origin=origin)


@flow
def _replace_password(person: AbstractCustomer, accepted: AcceptedPassword, *, origin: Origin) -> None:
    store_password(person, accepted, replaces=person.password, reason="sign_up", origin=origin)


@flow
def _open_account(
    address: str, accepted: AcceptedPassword | None, *, values: dict[str, Any], binding: str, origin: Origin
) -> Registration:
    person = None if person_at(address) else _create(address, accepted)
    if person is None:
        _rehearse(address, accepted, values=values, origin=origin)
        return _tell_owner(address, binding=binding, origin=origin)
    write_profile(person, values)
    emit(AccountRegistered(subject_id=str(person.pk), origin=origin))
    if accepted:
        tell_password(person, accepted, reason="sign_up", origin=origin)
    purpose = purposes.verify_address()
    issued = issue_proof(purpose, subject_id=str(person.pk), address=address, binding=binding, is_first=True)
    mail_proof("verify_address", issued, purpose, origin=origin, signing_up=True)
    return Registration(person, issued.proof)


def _create(address: str, accepted: AcceptedPassword | None) -> AbstractCustomer | None:
    """The new person, or None if a racing request took the address first."""
    try:
        with transaction.atomic():
            person = _new_person(address, accepted)
            person.save(force_insert=True)
            _give_address(person, address)
            return person
    except IntegrityError:
        if person_at(address) is None:
            raise  # not a race: the host's model wants something we do not know
        return None


def _new_person(email: str | None, accepted: AcceptedPassword | None) -> AbstractCustomer:
    given = accepted.columns() if accepted else {"password": make_password(None)}
    person: AbstractCustomer = get_user_model()._default_manager.model(email=email, **given)
    return person


def _give_address(person: AbstractCustomer, address: str) -> None:
    EmailAddress.objects.bulk_create([EmailAddress(user=person, email=address, primary=True, verified=False)])


def _rehearse(address: str, accepted: AcceptedPassword | None, *, values: dict[str, Any], origin: Origin) -> None:
    """Do what opening an account does and take it back, so that the time of the answer tells nothing (EN4)."""
    with transaction.atomic():
        person = _new_person(None, accepted)
        people = get_user_model()._default_manager
        people.bulk_create([person])  # which tells no receiver of the host's about somebody who never was
        _give_address(person, address)
        # A sealed value would make a key, which may lie in another database and stay there.
        write_profile(person, {name: value for name, value in values.items() if not conf().attributes[name].encrypted})
        if accepted:
            rehearse(PasswordSet(subject_id=None, reason="sign_up", origin=origin))
        transaction.set_rollback(True)


def _tell_owner(address: str, *, binding: str, origin: Origin) -> Registration:
    purpose = purposes.verify_address()
    issued = issue_proof(purpose, subject_id=None, address=address, binding=binding)
    emit(ProofRequested(subject_id=None, purpose=purpose.name, origin=origin))
    mail_account_exists(address, origin=origin)
    return Registration(None, issued.proof)
