"""The phone numbers of somebody signed in, as allauth's clients know them (``account/phone``)."""

from http import HTTPStatus
from typing import Any

from allauth.headless.account.response import PhoneNumbersResponse
from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts.awaiting import NEW_PHONE, await_proof, awaited_id, confirm_new_phone
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.headless.base import Answer, SignedInAuthView, StrictInput, conflict
from ciam_core.accounts.headless.sign_in import CodeInput
from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.phones.texting import number_of
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.settings import conf


class PhoneInput(StrictInput):
    phone = inputs.CharField(max_length=LONGEST)


class PhoneAuthView(SignedInAuthView):
    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if conf().PHONES == "off":
            raise NotFoundError()
        return super().handle(request, *args, **kwargs)


class Phones(PhoneAuthView):
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


class VerifyPhone(PhoneAuthView):
    input_class = CodeInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not awaited_id(request, NEW_PHONE):
            return conflict(request)
        confirm_new_phone(request, self.input.cleaned_data["code"])
        return Answer(request)
