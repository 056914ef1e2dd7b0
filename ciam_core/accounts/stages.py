"""Where a sign-in pauses until something is proven. allauth's stage machine; our proofs."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare

from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.exceptions import AccountUnavailable
from ciam_core.accounts.flows.contacts import Address, Contact
from ciam_core.accounts.flows.verify import request_verification
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.phones.contact import Number
from ciam_core.accounts.phones.purposes import sign_in_by_sms
from ciam_core.accounts.phones.queries import phones_of, signed_up_by_phone
from ciam_core.accounts.phones.texting import number_of
from ciam_core.accounts.phones.verify import request_phone_verification
from ciam_core.accounts.queries import addresses_of, has_proven_contact
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.kernel.registry import Registry
from ciam_core.settings import conf

further_proofs: Registry[str] = Registry("stage")
"""Dotted paths of stages that ask for more proof of who is there, before anybody is told of an account's state."""


class ProofStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """A stage whose state is the id of the proof that is waited for."""

    state: dict[str, Any]

    @property
    def proof_id(self) -> str:
        return str(self.state.get("proof", ""))

    def wait_for(self, proof: Proof) -> None:
        self.state.update(waiting_for(proof))


def waiting_for(proof: Proof) -> dict[str, str]:
    """The state of a stage that waits for ``proof``."""
    return {"proof": str(proof.pk), "purpose": proof.purpose}


class SignInCodeStage(ProofStage):
    """The mailed or texted code, where that is how somebody signs in. Asked first, so it only ever starts a sign-in."""

    key = "login_by_code"
    urlname = "ciam_confirm_sign_in_code"

    @property
    def by_text(self) -> bool:
        return self.state.get("purpose") == sign_in_by_sms().name

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.proof_id:
            return None, True
        return headed_redirect_response(self.urlname), True


class ComeBackStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """Who left by their own choice and has proven who they are is asked whether to come back.

    Every proof of who is there must come before it. It remembers the password of then: whoever changes that, such as
    an owner who came back through another door, ends the sign-ins that wait here.
    """

    key = "ciam_come_back"
    urlname = "ciam_come_back"
    state: dict[str, Any]

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: AbstractCustomer | None = self.login.user
        adapter: CoreAdapter = adapter_of(conf)
        if user is None or not user.can_come_back or not adapter.may_sign_in(user, origin=origin_of(self.request)):
            return None, True
        self.state["known"] = user.get_session_auth_hash()
        return headed_redirect_response(self.urlname), True

    @property
    def is_current(self) -> bool:
        user: AbstractCustomer = self.login.user
        known = self.state.get("known", "")
        return user.can_come_back and constant_time_compare(known, user.get_session_auth_hash())


class AdmissionStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """Who has proven who they are is let in if the account's state and the host say so.

    Raises ``AccountUnavailable`` for clients that speak JSON, where there is no page to send them to.
    """

    key = "ciam_admission"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: AbstractCustomer | None = self.login.user
        adapter: CoreAdapter = adapter_of(conf)
        if user is None or (user.is_active and adapter.may_sign_in(user, origin=origin_of(self.request))):
            return None, True
        if hasattr(self.request.allauth, "headless"):
            clear_login(self.request)
            raise AccountUnavailable()
        return headed_redirect_response("ciam_inactive"), False


class ContactStage(ProofStage):
    """Nobody comes in before the account has an address or a number that is proven."""

    @property
    def contact(self) -> Contact | None:
        """Where the proof went that is waited for."""
        raise NotImplementedError  # pragma: no cover  # both have their own

    def request_again(self, *, binding: str, origin: Origin) -> Proof:
        raise NotImplementedError  # pragma: no cover  # both have their own

    def is_another_s(self) -> bool:
        """Whether there is nothing to prove here."""
        user: AbstractCustomer | None = self.login.user
        if user is not None and not user.by_proven_contact:
            user.by_proven_contact = has_proven_contact(user)
        return user is not None and user.by_proven_contact

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.proof_id:  # else a sign-up, which has just sent it
            if self.is_another_s():
                return None, True
            self.wait_for(self.request_again(binding=binding_of(self.request), origin=origin_of(self.request)))
        return headed_redirect_response(self.urlname), True


class VerifyAddressStage(ContactStage):
    key = "verify_email"
    urlname = "ciam_verify_address"

    @property
    def contact(self) -> Contact | None:
        return Address(self.login.email) if self.login.email else None

    def is_another_s(self) -> bool:
        """Who signs up with a number, or looks as if, has no address: the next stage waits for them."""
        texted = self.login.state["stages"].get(VerifyPhoneStage.key, {}).get("data", {}).get("proof")
        return bool(texted) or super().is_another_s() or signed_up_by_phone(self.login.user)

    def request_again(self, *, binding: str, origin: Origin) -> Proof:
        """Mail the address once more. Without a person behind it, the same work and no mail."""
        user: AbstractCustomer | None = self.login.user
        primary = addresses_of(user).first() if user is not None else None
        return request_verification(
            primary.email if primary else self.login.email or "",
            subject_id=str(user.pk) if user else None,
            signing_up=bool(self.login.signup),
            binding=binding,
            origin=origin,
        )


class VerifyPhoneStage(ContactStage):
    """Asked last: whom the others did not stop waits here."""

    key = "verify_phone"
    urlname = "ciam_verify_number"

    @property
    def contact(self) -> Contact | None:
        earlier = Proof.objects.filter(pk=self.proof_id).first() if self.proof_id else None
        return Number(number_of(earlier)) if earlier else None

    def request_again(self, *, binding: str, origin: Origin) -> Proof:
        """Text the number once more. Raises ``ProofRejected`` once it is forgotten where the last text went."""
        user: AbstractCustomer | None = self.login.user
        row = phones_of(user).first() if user is not None and not self.proof_id else None
        number = row.number if row else self.contact.value if self.contact else None
        if number is None:
            raise ProofRejected()
        subject_id = str(user.pk) if user else None
        return request_phone_verification(number, subject_id=subject_id, binding=binding, origin=origin)
