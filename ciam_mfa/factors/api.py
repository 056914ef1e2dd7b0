"""REST: the second factors of whoever is signed in."""

from typing import Any, cast

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.typing import User
from ciam_mfa.factors import examples
from ciam_mfa.factors.flows import remove_authenticator, rename_authenticator
from ciam_mfa.factors.queries import authenticators_of
from ciam_mfa.factors.resetting import stop_factor_reset
from ciam_mfa.factors.serializers import AuthenticatorSerializer, NameSerializer, ResetSerializer
from ciam_mfa.resets.queries import reset_of


def person(request: Request) -> User:
    """Whom a request behind sign-in speaks for."""
    return cast("User", request.user)


def listed(request: Request, *, status: int = status.HTTP_200_OK) -> Response:
    """All of them, the strongest first: a person has few."""
    return Response(AuthenticatorSerializer(authenticators_of(person(request)), many=True).data, status=status)


class Factors(CiamAPIView):
    @documented(**examples.LIST)
    def get(self, request: Request) -> Response:
        return listed(request)


class Authenticator(CiamAPIView):
    @documented(**examples.RENAME)
    def patch(self, request: Request, key: str) -> Response:
        given: Any = NameSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rename_authenticator(person(request), key, name=given.validated_data["name"], origin=self.origin)
        return listed(request)

    @documented(**examples.REMOVE)
    def delete(self, request: Request, key: str) -> Response:
        remove_authenticator(person(request), key, origin=self.origin)
        return listed(request)


class Reset(CiamAPIView):
    @documented(**examples.RESET)
    def get(self, request: Request) -> Response:
        reset = reset_of(person(request))
        return Response(ResetSerializer({"due_at": reset.due_at if reset else None}).data)


class StopReset(CiamAPIView):
    @documented(**examples.STOP_RESET)
    def post(self, request: Request) -> Response:
        stop_factor_reset(person(request), origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)
