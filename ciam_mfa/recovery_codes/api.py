"""REST: making recovery codes."""

from typing import Any

from django.views.decorators.debug import sensitive_variables
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.documenting import example, problems
from ciam_mfa.factors.api import person
from ciam_mfa.factors.examples import WRITING
from ciam_mfa.recovery_codes.flows import make_recovery_codes


class CodesSerializer(serializers.Serializer[Any]):
    codes = serializers.ListField(child=serializers.CharField(), help_text="Known this one time.")


MAKE: dict[str, Any] = {
    "operation_id": "factors_recovery_codes_make",
    "tags": ["second factors"],
    "summary": "Ten new recovery codes",
    "description": "Those of before stop working.",
    "request": None,
    "responses": {201: CodesSerializer, **problems(*WRITING, "mfa.nothing_to_back_up")},
    "examples": [example({"codes": ["7kmq-2xvd-9a4t-c0hr", "h5gn-w0e3-ztk8-6rjy"]})],
}


class RecoveryCodes(CiamAPIView):
    @documented(**MAKE)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        codes = make_recovery_codes(person(request), origin=self.origin)
        return Response(CodesSerializer({"codes": codes}).data, status=status.HTTP_201_CREATED)
