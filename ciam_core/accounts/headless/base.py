"""allauth's wire protocol over our flows: same paths, same JSON, our rules (docs/architecture.md)."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, cast

from allauth.core.exceptions import ReauthenticationRequired
from allauth.headless.base.response import AuthenticationResponse, ConflictResponse, UnauthorizedResponse
from allauth.headless.base.views import APIView, ConfigView
from allauth.headless.constants import Client
from allauth.headless.internal.restkit.inputs import Input
from allauth.headless.internal.restkit.response import APIResponse
from django import forms
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import RawPostDataException
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.awaiting import RECOVERY, awaited_id
from ciam_core.accounts.entering import coming_back
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.accounts.stages import ComeBackStage
from ciam_core.kernel.api import MAX_BODY
from ciam_core.kernel.exceptions import CiamError, InvalidError, Text, ThrottledError
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.origin import Channel, Origin
from ciam_core.kernel.required_actions import require_none_open
from ciam_core.kernel.sessions import session_asked, session_kept

View = Callable[..., HttpResponseBase]


class MalformedBody(InvalidError):
    code = "malformed"
    message = _("Send a JSON object in UTF-8, of at most 64 KiB.")


class StrictInput(Input):  # type: ignore[misc]  # allauth is untyped
    """Reads JSON: a text is a text, and a name nobody declared is an error, not silence."""

    other_names: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, data: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data=data, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in (self.data or {}).items():
            if name not in self.fields and name not in self.other_names:
                self.errors.setdefault(name, self.error_class()).append(_error(_("This is not known here."), "unknown"))
            elif isinstance(self.fields.get(name), forms.CharField) and not isinstance(value, str):
                self.add_error(name, _error(_("This must be a text."), "invalid"))
        return cleaned


def _error(message: Text, code: str) -> ValidationError:
    return ValidationError(str(message), code=code)


class Answer(AuthenticationResponse):  # type: ignore[misc]  # allauth is untyped
    """allauth's answer to "am I signed in", which also knows our recovery."""

    @classmethod
    def from_response(cls, request: HttpRequest, response: HttpResponseBase | None) -> "Answer":
        return response if isinstance(response, cls) else cls(request)

    def _get_flows(self, request: HttpRequest, user: Any) -> list[dict[str, Any]]:
        flows: list[dict[str, Any]] = super()._get_flows(request, user)
        for flow in flows:
            if flow["id"] == "password_reset_by_code":
                flow["is_pending"] = bool(awaited_id(request, RECOVERY))
            if flow["id"] == ComeBackStage.key and (stage := coming_back(request)):
                flow["state"] = stage.login.user.state
        return flows


class AuthView(APIView):  # type: ignore[misc]  # allauth is untyped
    """Refusals become allauth's error list: ``{"status": 400, "errors": [{"code", "message", "param"}]}``."""

    request: HttpRequest
    input: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.client == Client.APP:
            request.ciam_channel = Channel.APP  # type: ignore[attr-defined]  # read by origin_of
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except CiamError as refusal:
            return refused(request, refusal)
        return response

    @property
    def origin(self) -> Origin:
        return origin_of(self.request)

    def _parse_json(self, request: HttpRequest) -> dict[str, Any] | None:
        try:
            if len(request.body) > MAX_BODY:
                raise MalformedBody()
            data = json.loads(request.body.decode()) if request.body else {}
            json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError, RequestDataTooBig, RawPostDataException) as error:
            raise MalformedBody() from error
        if not isinstance(data, dict):
            raise MalformedBody()
        return data


class Config(AuthView, ConfigView):  # type: ignore[misc]  # allauth is untyped
    """allauth's, which reads no body."""

    handle_json_input = False


class SignedInAuthView(AuthView):
    """For people who are signed in and have nothing to do first."""

    needs_recent_sign_in: ClassVar[frozenset[str]] = frozenset()
    while_pending = False

    @property
    def person(self) -> AbstractCustomer:
        return cast("AbstractCustomer", self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return Answer(request)
        return super().dispatch(request, *args, **kwargs)

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.while_pending:
            require_none_open(request)
        if request.method in self.needs_recent_sign_in and not signed_in_recently(request):
            raise ReauthenticationRequired()
        response: HttpResponseBase = super().handle(request, *args, **kwargs)
        return response


def outliving_its_session(view: View) -> View:
    """Answer 410, as allauth does for a token that is none, where an app's session was ended while ``view`` ran."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with session_kept(request):
                return view(request, *args, **kwargs)
        except UpdateError:
            gone: HttpResponseBase = UnauthorizedResponse(request, status=HTTPStatus.GONE)
            return gone

    return answer


def whoever_its_session_knows(view: View) -> View:
    """Let ``view``, which speaks in an app's session, find its person there, whatever middleware has wrapped them."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with session_asked(request):
            return view(request, *args, **kwargs)

    return answer


def conflict(request: HttpRequest) -> HttpResponseBase:
    """409: not in this state of the session, such as a code without a sign-in that waits for one."""
    answer: HttpResponseBase = ConflictResponse(request)
    return answer


def done(request: HttpRequest) -> HttpResponseBase:
    """200 and nothing to tell."""
    answer: HttpResponseBase = APIResponse(request)
    return answer


def refused(request: HttpRequest, refusal: CiamError) -> HttpResponse:
    """``refusal`` in allauth's form; what it lists is told under ``data``."""
    if isinstance(refusal, ProfileRefused):
        errors = [{**own, "param": name} for name, problems in refusal.problems.items() for own in problems]
        response = APIResponse(request, status=int(refusal.status))
    else:
        param = {"param": refusal.field} if refusal.field else {}
        errors = [{"code": refusal.code, "message": str(refusal), **param}]
        response = APIResponse(request, status=int(refusal.status), data=refusal.details or None)
    body = {**json.loads(response.content), "errors": errors}
    response.content = json.dumps(body).encode()
    if isinstance(refusal, ThrottledError):
        response.headers["Retry-After"] = str(refusal.retry_after)
    answer: HttpResponse = response
    return answer
