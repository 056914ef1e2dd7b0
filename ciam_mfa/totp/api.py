"""REST: setting an authenticator app up."""

from typing import Any

from django.views.decorators.debug import sensitive_variables
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_mfa.factors.api import listed, person
from ciam_mfa.totp import examples
from ciam_mfa.totp.flows import confirm_totp, start_totp
from ciam_mfa.totp.queries import uri_of
from ciam_mfa.totp.serializers import FirstCodeSerializer, StartedSerializer
from ciam_mfa.totp.views import note_first_code


class Start(CiamAPIView):
    @documented(**examples.START)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        waiting = start_totp(person(request), origin=self.origin)
        shown = {"secret": waiting.secret, "uri": uri_of(waiting)}
        return Response(StartedSerializer(shown).data, status=status.HTTP_201_CREATED)


class Confirm(CiamAPIView):
    @documented(**examples.CONFIRM)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        given: Any = FirstCodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        confirm_totp(person(request), **given.validated_data, origin=self.origin)
        note_first_code(request._request, person(request))
        return listed(request, status=status.HTTP_201_CREATED)
