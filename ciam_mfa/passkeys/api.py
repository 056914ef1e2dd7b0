"""REST: adding a passkey from an app, or from a page of a host's own."""

from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_mfa.factors.api import listed, person
from ciam_mfa.passkeys import examples
from ciam_mfa.passkeys.enrolling import begin_enrolment, begun_enrolment
from ciam_mfa.passkeys.flows import add_passkey
from ciam_mfa.passkeys.serializers import NewPasskeySerializer
from ciam_mfa.passkeys.views import note_at_hand


class Start(CiamAPIView):
    @documented(**examples.START)
    def post(self, request: Request) -> Response:
        options = begin_enrolment(request._request, person(request))
        return Response({"creation_options": options}, status=status.HTTP_201_CREATED)


class Confirm(CiamAPIView):
    @documented(**examples.CONFIRM)
    def post(self, request: Request) -> Response:
        given: Any = NewPasskeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        state = begun_enrolment(request._request)
        made = add_passkey(person(request), **given.validated_data, state=state, origin=self.origin)
        note_at_hand(request._request, person(request), made)
        return listed(request, status=status.HTTP_201_CREATED)
