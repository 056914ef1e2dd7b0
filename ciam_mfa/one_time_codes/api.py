"""REST: adding a number for codes. Another code: start again with the same number."""

from typing import Any

from django.views.decorators.debug import sensitive_variables
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_mfa.factors.api import listed, person
from ciam_mfa.one_time_codes import examples
from ciam_mfa.one_time_codes.enrolling import begin_enrolment, finish_enrolment
from ciam_mfa.one_time_codes.serializers import NewNumberSerializer, TextedCodeSerializer, TextedSerializer


class Start(CiamAPIView):
    @documented(**examples.START)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        given: Any = NewNumberSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        texted = begin_enrolment(request._request, person(request), given.validated_data["phone"])
        return Response(TextedSerializer(texted).data, status=status.HTTP_201_CREATED)


class Confirm(CiamAPIView):
    @documented(**examples.CONFIRM)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        given: Any = TextedCodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        finish_enrolment(request._request, person(request), **given.validated_data)
        return listed(request, status=status.HTTP_201_CREATED)
