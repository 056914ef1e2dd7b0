"""Opening an account."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts.exceptions import SignUpClosed
from ciam_core.accounts.flows.contacts import Address, Contact
from ciam_core.accounts.flows.verify import mark_proven
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.passwords import AcceptedPassword, accept_password, store_password, tell_password
from ciam_core.accounts.phones.contact import Number
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.profile.flows import clean_profile, write_profile
from ciam_core.accounts.queries import has_proven_contact
from ciam_core.adapters import CoreAdapter
from ciam_core.events import AccountRegistered, PasswordSet
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.events import emit, rehearse
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.passwords.policy import require_acceptable
from ciam_core.settings import conf
from ciam_core.throttling.doors import reserve_unmailed_sign_up


@dataclass(frozen=True)
class Registration:
    """``person`` is None where there was an account: its owner is told, and nobody else learns of it."""

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
    contact = Address(normalise_address(address))
    return open_account(contact, password=password, binding=binding, origin=origin, profile=profile)


@sensitive_variables()
def register_by_phone(
    number: str, *, password: str | None, binding: str, origin: Origin, profile: dict[str, Any] | None = None
) -> Registration:
    """As ``register``, for ``number`` and by text. ``NotFoundError`` unless ``PHONES`` is ``sign_up``.

    Raises ``PhoneRefused`` for what is no number, and what ``register`` raises.
    """
    if not conf().phones_may("sign_up"):
        raise NotFoundError()
    contact = Number(normalise_number(number))
    return open_account(contact, password=password, binding=binding, origin=origin, profile=profile)


@sensitive_variables()
def open_account(
    contact: Contact, *, password: str | None, binding: str, origin: Origin, profile: dict[str, Any] | None
) -> Registration:
    require_may_sign_up(contact.value, origin=origin)
    values = clean_profile(profile or {}, editor="customer", moment="sign_up")
    if password is not None:
        require_acceptable(password, about=[contact.value])  # costs nothing, so it is not counted
    contact.reserve_sign_up(origin=origin)
    accepted = accept_password(password, about=[contact.value]) if password is not None else None
    return _open_account(contact, accepted, values=values, binding=binding, origin=origin)


def require_may_sign_up(contact: str, *, origin: Origin) -> None:
    """Ask the host. Raises ``SignUpClosed``."""
    adapter: CoreAdapter = adapter_of(conf)
    if not adapter.may_sign_up(contact, origin=origin):
        raise SignUpClosed()


def open_proven_account(address: str, *, values: dict[str, Any], origin: Origin) -> AbstractCustomer | None:
    """Inside a flow: an account for somebody of whom another system has proven that ``address`` is theirs.

    ``values``: a profile that ``clean_profile`` let through. None if a racing request took the address first.
    """
    person = _create(Address(address), None)
    if person is not None:
        write_profile(person, values)
        emit(AccountRegistered(subject_id=str(person.pk), origin=origin))
        mark_proven(person, address, origin=origin)
    return person


def register_again(person: AbstractCustomer | None, *, contact: Contact, password: str | None, origin: Origin) -> None:
    """The same sign-up once more, from the browser that waits for its proof: the newer password counts.

    ``person`` is None where the contact had an account; then nothing changes, at the same cost.
    """
    if password is None:
        return
    require_acceptable(password, about=[contact.value])
    reserve_unmailed_sign_up(origin=origin)
    accepted = accept_password(password, about=[contact.value])
    if person is not None and not has_proven_contact(person):
        _replace_password(person, accepted, origin=origin)


@flow
def _replace_password(person: AbstractCustomer, accepted: AcceptedPassword, *, origin: Origin) -> None:
    store_password(person, accepted, replaces=person.password, reason="sign_up", origin=origin)


@flow
def _open_account(
    contact: Contact, accepted: AcceptedPassword | None, *, values: dict[str, Any], binding: str, origin: Origin
) -> Registration:
    person = None if contact.holder() else _create(contact, accepted)
    if person is None:
        _rehearse(contact, accepted, values=values, origin=origin)
        return Registration(None, contact.tell_owner(binding=binding, origin=origin))
    write_profile(person, values)
    emit(AccountRegistered(subject_id=str(person.pk), origin=origin))
    if accepted:
        tell_password(person, accepted, reason="sign_up", origin=origin)
    return Registration(person, contact.prove_first(person, binding=binding, origin=origin))


def _create(contact: Contact, accepted: AcceptedPassword | None) -> AbstractCustomer | None:
    """The new person, or None if a racing request took the address or number first."""
    try:
        with transaction.atomic():
            person = _new_person(accepted, **contact.columns())
            person.save(force_insert=True)
            contact.give_to(person)
            return person
    except IntegrityError:
        if contact.holder() is None:
            raise  # not a race: the host's model wants something we do not know
        return None


def _new_person(accepted: AcceptedPassword | None, **columns: Any) -> AbstractCustomer:
    given = accepted.columns() if accepted else {"password": make_password(None)}
    person: AbstractCustomer = get_user_model()._default_manager.model(**columns, **given)
    return person


def _rehearse(contact: Contact, accepted: AcceptedPassword | None, *, values: dict[str, Any], origin: Origin) -> None:
    """Do what opening an account does and take it back, so that the time of the answer tells nothing (EN4)."""
    with transaction.atomic():
        person = _new_person(accepted, email=None)
        people = get_user_model()._default_manager
        people.bulk_create([person])  # which tells no receiver of the host's about somebody who never was
        contact.give_to(person, rehearsed=True)
        # A sealed value would make a key, which may lie in another database and stay there.
        write_profile(person, {name: value for name, value in values.items() if not conf().attributes[name].encrypted})
        if accepted:
            rehearse(PasswordSet(subject_id=None, reason="sign_up", origin=origin))
        transaction.set_rollback(True)
