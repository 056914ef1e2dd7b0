"""Sign-up and the proof of an address for browser and app clients."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.headless.account.response import VerifyEmailResponse
from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts import purposes
from ciam_core.accounts.awaiting import confirm_new_address
from ciam_core.accounts.binding import binding_of, known_binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import pending, resume, wait_for
from ciam_core.accounts.flows.verify import require_person, verify_address
from ciam_core.accounts.headless.base import Answer, AuthView, StrictInput, conflict, done
from ciam_core.accounts.headless.sign_in import WhereInput
from ciam_core.accounts.queries import addresses_of
from ciam_core.accounts.signing_up import sign_up, sign_up_by_phone
from ciam_core.accounts.stages import ProofStage, VerifyAddressStage
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofRejected, find_by_token
from ciam_core.kernel.required_actions import require_none_open
from ciam_core.settings import conf

LONGEST_CODE = 12
"""A key longer than this is a link's token."""


class SignUpInput(StrictInput):
    """Beside address and password, the attributes the profile declares, by their names."""

    email = inputs.CharField(max_length=320)
    password = inputs.CharField(strip=False, max_length=1024, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other_names = frozenset(conf().attributes)  # type: ignore[misc]  # known only once settings are read

    @property
    def profile(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name in self.other_names}


class ContactSignUpInput(SignUpInput, WhereInput):
    """``email`` or ``phone``: where the code goes."""

    email = inputs.CharField(max_length=320, required=False)


class KeyInput(StrictInput):
    key = inputs.CharField(max_length=256)


class SignUp(AuthView):
    input_class = ContactSignUpInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        given = self.input.cleaned_data
        asked: dict[str, Any] = {"password": given["password"] or None, "profile": self.input.profile}
        if given["phone"]:
            answer = sign_up_by_phone(request, given["phone"], **asked)
        else:
            answer = sign_up(request, given["email"], **asked)
        return Answer.from_response(request, answer)


class VerifyEmail(AuthView):
    """``key``: the code, in the session that asked for it, or the token of the link, anywhere."""

    input_class = {"POST": KeyInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proof = self._by_token(request.headers.get("X-Email-Verification-Key", ""))
        row = _row_of(proof)
        answer: HttpResponseBase = VerifyEmailResponse(request, row, stage=pending(request, VerifyAddressStage))
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = self.input.cleaned_data["key"]
        stage = pending(request, VerifyAddressStage)
        if len(key) > LONGEST_CODE:
            return self._by_link(request, key, stage)
        if stage is not None:
            proof = self._by_code(stage, key)
            user = verify_address(proof, origin=self.origin)
            return Answer.from_response(request, resume(request, stage, user, method="code"))
        if not request.user.is_authenticated:
            return conflict(request)
        require_none_open(request)
        confirm_new_address(request, key)
        return Answer(request)

    def _by_code(self, stage: ProofStage, code: str) -> Proof:
        binding = binding_of(self.request)
        return confirm_code(stage.proof_id, code, purposes.verify_address(), binding=binding, origin=self.origin)

    def _by_token(self, token: str) -> Proof:
        return find_by_token(token, purposes.verify_address(), binding=known_binding_of(self.request))

    def _by_link(self, request: HttpRequest, token: str, stage: ProofStage | None) -> HttpResponseBase:
        user = verify_address(self._by_token(token), origin=self.origin)
        if stage is not None and stage.login.user == user:
            return Answer.from_response(request, resume(request, stage, user, method="code"))
        return Answer(request)


class ResendVerification(AuthView):
    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = pending(request, VerifyAddressStage)
        if stage is None:
            return conflict(request)
        wait_for(request, stage, stage.request_again(binding=binding_of(request), origin=self.origin))
        return done(request)


def _row_of(proof: Proof) -> EmailAddress:
    row = addresses_of(require_person(proof)).filter(email=proof.address).first()
    if row is None:
        raise ProofRejected()
    return row
