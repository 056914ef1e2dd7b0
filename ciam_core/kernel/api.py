"""What every endpoint under ``/api/ciam/v1/`` shares. A host's ``REST_FRAMEWORK`` is neither needed nor touched."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from ciam_core.kernel.http import origin_of
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.problems import Refused, problem_handler
from ciam_core.kernel.required_actions import ActionRequired, open_action, require_none_open, while_pending
from ciam_core.kernel.sessions import HEADER, app_session, person_of

MAX_BODY = 64 * 1024

M = TypeVar("M", bound=Callable[..., Any])


class BodyTooLarge(drf.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = _("This is more than can be read at once.")


class LimitedJSONParser(JSONParser):
    """JSON of at most 64 KiB, and text only that UTF-8 can hold (``"\\ud800"`` is not)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise BodyTooLarge()
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
            json.dumps(parsed, ensure_ascii=False).encode()
        except UnicodeError as error:
            raise drf.ParseError(str(_("The body is not UTF-8 text."))) from error
        except RecursionError as error:
            raise drf.ParseError(str(_("The body is nested too deeply."))) from error
        return parsed


class SignedInAuthentication(SessionAuthentication):
    """A browser's cookie with its CSRF token, or an app's ``X-Session-Token``."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = person_of(request._request)
        if HEADER in request.headers:
            if not user.is_authenticated:
                raise drf.AuthenticationFailed()
            return user, None
        if not user.is_authenticated:
            return None
        self.enforce_csrf(request)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="account"'


class NothingLeftToDo(BasePermission):
    """For endpoints of a host, whatever authenticates them: 403 ``required_action`` while something is to be done.

    A stranger passes: whether one may is for another permission to say.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        known = getattr(request.user, "is_authenticated", False)  # a host may have DRF say None for a stranger
        action = open_action(request.user) if known else None  # type: ignore[arg-type]  # no stranger
        if action is not None:
            raise Refused(ActionRequired(action))
        return True


def documented(**told: Any) -> Callable[[M], M]:
    """What the OpenAPI document says of an operation, in the words of drf-spectacular's ``extend_schema``."""

    def mark(method: M) -> M:
        method.ciam_documented = told  # type: ignore[attr-defined]  # read by kernel.openapi
        return method

    return mark


class Documentation:
    """A view's ``schema``, made when a document asks for it: drf-spectacular takes 5 MB, and no request needs it."""

    def __get__(self, view: APIView | None, kind: type[APIView]) -> Any:
        from ciam_core.kernel.openapi import schema_of  # late: see above

        return schema_of(kind).__get__(view, kind)  # type: ignore[arg-type]  # a class can be hashed

    def __set__(self, view: APIView, schema: Any) -> None:
        self.__get__(None, type(view)).__set__(view, schema)


class CiamAPIView(APIView):
    """Signed in, nothing left to do first, problem documents, never cached."""

    authentication_classes = [SignedInAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [LimitedJSONParser]
    renderer_classes = [JSONRenderer]
    throttle_classes = []
    schema: Any = Documentation()
    while_pending = False
    while_open: tuple[str, ...] = ()
    """Names of required actions that are done here."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return while_pending(super().as_view(**initkwargs))  # it asks by itself, and answers in JSON

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            with app_session(request):
                response = super().dispatch(request, *args, **kwargs)
        except UpdateError:  # signed out elsewhere while this ran
            response = self.finalize_response(self.request, self.handle_exception(drf.NotAuthenticated()))
        add_never_cache_headers(response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.while_pending and request.user.is_authenticated:
            require_none_open(request, besides=self.while_open)

    @property
    def origin(self) -> Origin:
        return origin_of(self.request)

    def get_exception_handler(self) -> Any:
        return problem_handler
