"""REST: the phone numbers of whoever is signed in. 404 while ``PHONES`` is off."""

from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.accounts.api import GuardedView, person
from ciam_core.accounts.awaiting import NEW_PHONE, await_proof, confirm_new_phone
from ciam_core.accounts.phones import examples
from ciam_core.accounts.phones.flows import add_phone, make_primary_phone, remove_phone, resend_phone_code
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.phones.serializers import NumberSerializer, PhoneSerializer
from ciam_core.accounts.serializers import CodeSerializer, PendingSerializer
from ciam_core.kernel.api import documented
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.models import Proof
from ciam_core.settings import conf


class PhoneView(GuardedView):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if conf().PHONES == "off":
            raise NotFoundError()

    def pending(self, proof: Proof) -> Response:
        """Remember what this session is to confirm, and say where the code went."""
        await_proof(self.request, NEW_PHONE, proof)
        shown = {"sent_to": proof.data["hint"], "expires_at": proof.expires_at}
        return Response(PendingSerializer(shown).data, status=status.HTTP_202_ACCEPTED)

    def listed(self, request: Request) -> Response:
        return Response(PhoneSerializer(phones_of(request.user), many=True).data)


class Phones(PhoneView):
    @documented(**examples.LIST_PHONES)
    def get(self, request: Request) -> Response:
        return self.listed(request)

    @documented(**examples.ADD_PHONE)
    def post(self, request: Request) -> Response:
        given = NumberSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self.pending(add_phone(person(request), given.validated_data["phone"], **self.asked))


class PhoneNumber(PhoneView):
    @documented(**examples.REMOVE_PHONE)
    def delete(self, request: Request, phone_id: int) -> Response:
        remove_phone(person(request), phone_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PrimaryPhone(PhoneView):
    @documented(**examples.MAKE_PRIMARY_PHONE)
    def put(self, request: Request, phone_id: int) -> Response:
        make_primary_phone(person(request), phone_id, origin=self.origin)
        return self.listed(request)


class PhoneVerification(PhoneView):
    @documented(**examples.RESEND_PHONE_CODE)
    def post(self, request: Request, phone_id: int) -> Response:
        return self.pending(resend_phone_code(person(request), phone_id, **self.asked))


class PhoneConfirmation(PhoneView):
    @documented(**examples.CONFIRM_PHONE)
    def post(self, request: Request) -> Response:
        given = CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        confirm_new_phone(request, given.validated_data["code"])
        return self.listed(request)
