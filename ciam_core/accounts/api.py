"""REST: the profile and the addresses of whoever is signed in."""

from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.accounts import examples
from ciam_core.accounts.awaiting import NEW_ADDRESS, await_proof, confirm_new_address
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.exceptions import RecentSignInNeeded
from ciam_core.accounts.flows.addresses import (
    add_address,
    change_address,
    make_primary,
    remove_address,
    resend_verification,
)
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.accounts.profile.flows import edit_profile
from ciam_core.accounts.profile.queries import profile_of, readable
from ciam_core.accounts.queries import addresses_of
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.accounts.serializers import (
    AddressSerializer,
    AttributeSerializer,
    CodeSerializer,
    EmailSerializer,
    PendingSerializer,
)
from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.models import Proof
from ciam_core.messages.masking import mask_address
from ciam_core.settings import conf


def person(request: Request) -> AbstractCustomer:
    """Whom a request behind sign-in speaks for."""
    return cast("AbstractCustomer", request.user)


class Profile(CiamAPIView):
    @documented(**examples.READ_PROFILE)
    def get(self, request: Request) -> Response:
        return Response(_profile(request.user))

    @documented(**examples.EDIT_PROFILE)
    def patch(self, request: Request) -> Response:
        if not isinstance(request.data, dict):
            raise ProfileRefused({"non_field_errors": [{"code": "invalid", "message": _("Send an object.")}]})
        edit_profile(person(request), request.data, editor="customer", origin=self.origin)
        return Response(_profile(request.user))


def _profile(user: Any) -> dict[str, Any]:
    schema = conf().attributes
    return {name: schema[name].to_json(value) for name, value in profile_of(user, reader="customer").items()}


class ProfileSchema(CiamAPIView):
    while_pending = True

    @documented(**examples.READ_PROFILE_SCHEMA)
    def get(self, request: Request) -> Response:
        declared: Any = list(readable("customer").values())
        return Response(AttributeSerializer(declared, many=True).data)


class RecentForChanges(CiamAPIView):
    """Reading is free; a change asks for a sign-in of the last minutes (``RECENT_SIGN_IN``)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not signed_in_recently(request):
            raise RecentSignInNeeded()


class AddressView(RecentForChanges):
    @property
    def asked(self) -> dict[str, Any]:
        """Who asks for a mail, and from where."""
        return {"binding": binding_of(self.request), "origin": self.origin}

    def pending(self, proof: Proof) -> Response:
        """Remember what this session is to confirm, and say where the code went."""
        await_proof(self.request, NEW_ADDRESS, proof)
        shown = {"sent_to": mask_address(proof.address), "expires_at": proof.expires_at}
        return Response(PendingSerializer(shown).data, status=status.HTTP_202_ACCEPTED)

    def email(self, request: Request) -> str:
        given = EmailSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["email"])

    def listed(self, request: Request) -> Response:
        return Response(AddressSerializer(addresses_of(request.user), many=True).data)


class Addresses(AddressView):
    @documented(**examples.LIST_ADDRESSES)
    def get(self, request: Request) -> Response:
        return self.listed(request)

    @documented(**examples.ADD_ADDRESS)
    def post(self, request: Request) -> Response:
        return self.pending(add_address(person(request), self.email(request), **self.asked))


class Address(AddressView):
    @documented(**examples.REMOVE_ADDRESS)
    def delete(self, request: Request, address_id: int) -> Response:
        remove_address(person(request), address_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PrimaryAddress(AddressView):
    @documented(**examples.MAKE_PRIMARY)
    def put(self, request: Request, address_id: int) -> Response:
        make_primary(person(request), address_id, origin=self.origin)
        return self.listed(request)


class AddressVerification(AddressView):
    @documented(**examples.RESEND_VERIFICATION)
    def post(self, request: Request, address_id: int) -> Response:
        return self.pending(resend_verification(person(request), address_id, **self.asked))


class AddressChange(AddressView):
    @documented(**examples.CHANGE_ADDRESS)
    def post(self, request: Request) -> Response:
        return self.pending(change_address(person(request), self.email(request), **self.asked))


class AddressConfirmation(AddressView):
    @documented(**examples.CONFIRM_ADDRESS)
    def post(self, request: Request) -> Response:
        given = CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        confirm_new_address(request, given.validated_data["code"])
        return self.listed(request)
