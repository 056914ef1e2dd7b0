"""Where a sign-in pauses until something is proven. allauth's stage machine; our proofs."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse

from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.exceptions import AccountUnavailable
from ciam_core.accounts.flows.verify import request_verification
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import addresses_of, has_proven_address
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.settings import conf


class ProofStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """A stage whose state is the id of the proof that is waited for."""

    state: dict[str, Any]

    @property
    def proof_id(self) -> str:
        return str(self.state.get("proof", ""))

    def wait_for(self, proof: Proof) -> None:
        self.state["proof"] = str(proof.pk)


class SignInCodeStage(ProofStage):
    """The mailed code, where that is how somebody signs in. It is asked first, so it only ever starts a sign-in."""

    key = "login_by_code"
    urlname = "ciam_confirm_sign_in_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.proof_id:
            return None, True
        return headed_redirect_response(self.urlname), True


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


class VerifyAddressStage(ProofStage):
    """Nobody comes in before the account has an address that is proven."""

    key = "verify_email"
    urlname = "ciam_verify_address"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self.proof_id:  # else a sign-up, which has just sent it
            user: AbstractCustomer | None = self.login.user
            if user is not None and (user.by_proven_address or has_proven_address(user)):
                return None, True
            self.wait_for(self.request_again(binding=binding_of(self.request), origin=origin_of(self.request)))
        return headed_redirect_response(self.urlname), True

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
