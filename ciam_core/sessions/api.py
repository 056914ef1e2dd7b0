"""REST: sessions and devices of whoever is signed in."""

from typing import Any
from uuid import UUID

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.accounts.api import person
from ciam_core.accounts.exceptions import RecentSignInNeeded
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.cursors import cursor_of, next_url, page_before
from ciam_core.sessions import examples
from ciam_core.sessions.flows import end_other_sessions, end_session, forget_device, name_device
from ciam_core.sessions.queries import devices_of, sessions_of, still_live
from ciam_core.sessions.serializers import (
    DeviceNameSerializer,
    DevicePageSerializer,
    DeviceSerializer,
    SessionPageSerializer,
)


class EndingView(CiamAPIView):
    """Looking is free; ending something asks for a sign-in of the last minutes (ASVS 7.5.2)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "DELETE" and not signed_in_recently(request):
            raise RecentSignInNeeded()


class Sessions(CiamAPIView):
    @documented(**examples.LIST_SESSIONS)
    def get(self, request: Request) -> Response:
        rows, older = page_before(sessions_of(request.user), cursor_of(request))
        page = {"results": still_live(rows), "next": next_url(request, older)}
        return Response(SessionPageSerializer(page, context={"current": self.origin.session}).data)


class OtherSessions(EndingView):
    @documented(**examples.END_OTHERS)
    def delete(self, request: Request) -> Response:
        end_other_sessions(person(request), keep=self.origin.session, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Session(EndingView):
    @documented(**examples.END_SESSION)
    def delete(self, request: Request, session_id: UUID) -> Response:
        end_session(person(request), session_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Devices(CiamAPIView):
    @documented(**examples.LIST_DEVICES)
    def get(self, request: Request) -> Response:
        rows, older = page_before(devices_of(request.user), cursor_of(request))
        page = {"results": rows, "next": next_url(request, older)}
        return Response(DevicePageSerializer(page, context={"current": self.origin.device}).data)


class Device(EndingView):
    @documented(**examples.NAME_DEVICE)
    def patch(self, request: Request, device_id: UUID) -> Response:
        given = DeviceNameSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        name_device(person(request), device_id, name=given.validated_data["name"], origin=self.origin)
        device = devices_of(request.user).get(pk=device_id)
        return Response(DeviceSerializer(device, context={"current": self.origin.device}).data)

    @documented(**examples.FORGET_DEVICE)
    def delete(self, request: Request, device_id: UUID) -> Response:
        forget_device(person(request), device_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)
