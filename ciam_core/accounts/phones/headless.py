"""Phone numbers as allauth's clients know them: ``account/phone``, and the proof at sign-up (``auth/phone/verify``)."""

from http import HTTPStatus
from typing import Any

from allauth.headless.account.response import PhoneNumbersResponse
from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts.awaiting import NEW_PHONE, await_proof, awaited_id, confirm_new_phone
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import pending, resume, wait_for
from ciam_core.accounts.headless.base import Answer, AuthView, SignedInAuthView, StrictInput, conflict, done
from ciam_core.accounts.headless.sign_in import CodeInput
from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.accounts.phones.purposes import verify_phone as by_text
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.phones.texting import number_of
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.accounts.stages import VerifyPhoneStage
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.kernel.required_actions import require_none_open
from ciam_core.settings import conf


class PhoneInput(StrictInput):
    phone = inputs.CharField(max_length=LONGEST)


class PhonesOn(AuthView):
    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not conf().phones_may("add"):
            raise NotFoundError()
        answer: HttpResponseBase = super().handle(request, *args, **kwargs)
        return answer


class Phones(PhonesOn, SignedInAuthView):
    """``GET`` lists, ``POST`` adds; to remove one or make it primary there is REST (``/api/ciam/v1/phones/``)."""

    needs_recent_sign_in = frozenset({"POST"})
    input_class = {"POST": PhoneInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        held = [{"phone": row.number, "verified": row.verified_at is not None} for row in phones_of(self.person)]
        answer: HttpResponseBase = PhoneNumbersResponse(request, held)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data["phone"]
        proof = add_phone(self.person, given, binding=binding_of(request), origin=self.origin)
        await_proof(request, NEW_PHONE, proof)
        noted = [{"phone": number_of(proof), "verified": False}]
        answer: HttpResponseBase = PhoneNumbersResponse(request, noted, status=HTTPStatus.ACCEPTED)
        return answer


class VerifyPhone(PhonesOn):
    """The number of a sign-up while the flow ``verify_phone`` is pending, or one that is added to an account."""

    input_class = CodeInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        code, stage = self.input.cleaned_data["code"], pending(request, VerifyPhoneStage)
        if stage is not None:
            asked: dict[str, Any] = {"binding": binding_of(request), "origin": self.origin}
            user = verify_phone(confirm_code(stage.proof_id, code, by_text(), **asked), origin=self.origin)
            return Answer.from_response(request, resume(request, stage, user, method="sms"))
        if not request.user.is_authenticated:
            return conflict(request)
        require_none_open(request)
        if not awaited_id(request, NEW_PHONE):
            return conflict(request)
        confirm_new_phone(request, code)
        return Answer(request)


class ResendPhoneCode(PhonesOn):
    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage: Any = pending(request, VerifyPhoneStage)
        if stage is None:
            return conflict(request)
        try:
            proof = stage.request_again(binding=binding_of(request), origin=self.origin)
        except ProofRejected:
            return conflict(request)
        wait_for(request, stage, proof)
        return done(request)
