"""REST: where whoever is signed in is spared the second factor."""

from uuid import UUID

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_mfa.factors.api import person
from ciam_mfa.trusted_browsers import examples
from ciam_mfa.trusted_browsers.flows import end_trusted_browser, end_trusted_browsers
from ciam_mfa.trusted_browsers.serializers import TrustedDeviceSerializer
from ciam_mfa.trusted_browsers.showing import shown_browsers


class TrustedDevices(CiamAPIView):
    @documented(**examples.LIST)
    def get(self, request: Request) -> Response:
        shown = shown_browsers(request._request, person(request))
        return Response(TrustedDeviceSerializer(shown, many=True).data)

    @documented(**examples.END_ALL)
    def delete(self, request: Request) -> Response:
        end_trusted_browsers(person(request), origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TrustedDevice(CiamAPIView):
    @documented(**examples.END)
    def delete(self, request: Request, browser_id: UUID) -> Response:
        end_trusted_browser(person(request), browser_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)
