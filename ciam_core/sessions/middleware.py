"""Handing a device its token."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ciam_core.kernel.http import DEVICE_HEADER, device_cookie_name
from ciam_core.kernel.origin import Channel

REMEMBERED_FOR = timedelta(days=400)  # as long as browsers keep a cookie (RFC 6265bis §5.5)


class DeviceMiddleware:
    """After a sign-in, a browser gets its device token as a cookie, an app as the header ``X-Device-Token``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.ciam_device_token = ""  # type: ignore[attr-defined]  # written by the sign-in
        response = self.get_response(request)
        token: str = request.ciam_device_token  # type: ignore[attr-defined]
        if token and getattr(request, "ciam_channel", None) == Channel.APP:
            response.headers[DEVICE_HEADER] = token
        elif token:
            response.set_cookie(
                device_cookie_name(),
                token,
                max_age=REMEMBERED_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
