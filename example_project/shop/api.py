"""The shop for its app."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.assurance import Level
from ciam_mfa.integrations.drf import RequiresLevel
from example_project.shop.payouts import SURE_FOR, set_payout_address, tidy_iban


class PayoutAddressSerializer(serializers.Serializer[Any]):
    holder = serializers.CharField(max_length=140)
    iban = serializers.CharField(max_length=42, write_only=True)
    masked = serializers.CharField(read_only=True)

    def validate_iban(self, typed: str) -> str:
        return tidy_iban(typed)


class ChangePayoutAddress(CiamAPIView):
    permission_classes = [IsAuthenticated, RequiresLevel(Level.AAL2, max_age=SURE_FOR)]

    @documented(summary="Where the money goes", request=PayoutAddressSerializer, responses=PayoutAddressSerializer)
    def put(self, request: Request) -> Response:
        given: Any = PayoutAddressSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        person: Any = request.user
        return Response(PayoutAddressSerializer(set_payout_address(person, **given.validated_data)).data)
