"""Answering clients written for ``allauth.mfa`` at the paths of its specification: 404 unless ``ALLAUTH_CLIENTS``.

They send a code and no word of what it is from: six digits are the app's that was used or added last, anything else is
a recovery code. So one authenticator is asked, and none pays for the wrong answers meant for another.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.headless.base.response import UnauthorizedResponse
from allauth.headless.constants import Client
from allauth.headless.internal.restkit import inputs
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import include, path

from ciam_core.building.headless import Answer, AuthView, SignedInAuthView, StrictInput, paths_for
from ciam_core.kernel.digits import ascii_digits
from ciam_core.kernel.exceptions import InvalidError
from ciam_core.kernel.http import session_of
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.answering import begin_answer, give_answer
from ciam_mfa.challenge.waiting import WaitingSignIn, waiting_sign_in
from ciam_mfa.exceptions import AnswerRejected, AuthenticatorUnknown
from ciam_mfa.factors.queries import authenticators_of
from ciam_mfa.integrations.allauth import told_as
from ciam_mfa.integrations.passkeys import PasskeySignInJson
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.forms import PasskeyForm
from ciam_mfa.recovery_codes.factor import recovery_codes
from ciam_mfa.settings import conf
from ciam_mfa.totp.codes import DIGITS
from ciam_mfa.totp.factor import totp


class IncorrectCode(InvalidError):
    """``refusal``, as allauth calls it."""

    code = "incorrect_code"

    def __init__(self, refusal: AnswerRejected, *, field: str) -> None:
        super().__init__(field=field)
        self.message = refusal.message


class Compatible(AuthView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not conf().ALLAUTH_CLIENTS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class HalfWay(Compatible):
    """While the flow ``mfa_authenticate`` is pending; else 401 with the flows there are."""

    waiting: WaitingSignIn

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waiting = waiting_sign_in(request)
        if waiting is None:
            answer: HttpResponseBase = UnauthorizedResponse(request)
            return answer
        self.waiting = waiting
        answered: HttpResponseBase = super().handle(request, *args, **kwargs)
        return answered

    @property
    def whom(self) -> User:
        return self.waiting.user

    def go_on(self, key: str) -> HttpResponseBase:
        return Answer.from_response(self.request, self.waiting.finish(self.request, key))


class Inside(Compatible, SignedInAuthView):
    """Showing it again: the session gets another key, an app its new token (ASVS 7.2.4)."""

    while_pending = True

    @property
    def whom(self) -> User:
        return self.person

    def go_on(self, key: str) -> HttpResponseBase:
        session_of(self.request).cycle_key()
        record_authentication(self.request, self.whom, "mfa", type=told_as(key), id=key, reauthenticated=True)
        return Answer(self.request)


class CodeInput(StrictInput):
    code = inputs.CharField(max_length=64)


class ByCode:
    """``code``: of an app, or a recovery code."""

    input_class = CodeInput
    request: HttpRequest
    input: Any
    whom: Any
    go_on: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data["code"]
        answer: HttpResponseBase = self.go_on(_answered(request, self.whom, _meant_for(self.whom, given), code=given))
        return answer


class ByPasskey:
    """``GET`` makes a challenge (``request_options``), ``POST`` answers it with a ``credential``."""

    data: Any
    whom: Any
    go_on: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _asked(request, begin_answer(request, self.whom, _newest(self.whom, passkeys.name))["request_options"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = PasskeyForm(data=self.data or {})
        if not form.is_valid():
            refused: HttpResponseBase = ErrorResponse(request, input=form)
            return refused
        key = _newest(self.whom, passkeys.name)
        answer: HttpResponseBase = self.go_on(_answered(request, self.whom, key, **form.cleaned_data))
        return answer


class Authenticate(ByCode, HalfWay):
    pass


class Reauthenticate(ByCode, Inside):
    pass


class AuthenticateByPasskey(ByPasskey, HalfWay):
    pass


class ReauthenticateByPasskey(ByPasskey, Inside):
    pass


class SignInByPasskey(Compatible, PasskeySignInJson):
    """With a passkey alone: the flow ``mfa_login_webauthn``, told where ``MFA_PASSKEY_LOGIN_ENABLED`` is on."""

    def begun(self, request: HttpRequest, options: Mapping[str, Any]) -> HttpResponseBase:
        return _asked(request, options)


def _meant_for(user: User, code: str) -> str:
    return _newest(user, totp.name if len(ascii_digits(code)) == DIGITS else recovery_codes.name)


def _newest(user: User, factor: str) -> str:
    """The authenticator of this kind that was used or added last. Raises ``AuthenticatorUnknown``."""
    own = [one for one in authenticators_of(user) if one.factor.name == factor]
    if not own:
        raise AuthenticatorUnknown()
    return max(own, key=lambda one: (one.is_usable, one.last_used_at or one.created_at)).key


def _answered(request: HttpRequest, user: User, key: str, **answer: Any) -> str:
    try:
        give_answer(request, user, key, answer)
    except AnswerRejected as refusal:
        raise IncorrectCode(refusal, field=next(iter(answer))) from refusal
    return key


def _asked(request: HttpRequest, options: Mapping[str, Any]) -> HttpResponseBase:
    asked: HttpResponseBase = APIResponse(request, data={"request_options": {"publicKey": dict(options)}})
    return asked


VIEWS: dict[str, type[AuthView]] = {
    "auth/2fa/authenticate": Authenticate,
    "auth/2fa/reauthenticate": Reauthenticate,
    "auth/webauthn/authenticate": AuthenticateByPasskey,
    "auth/webauthn/reauthenticate": ReauthenticateByPasskey,
    "auth/webauthn/login": SignInByPasskey,
}

urlpatterns = [
    path("_allauth/browser/v1/", include(paths_for(Client.BROWSER, VIEWS))),
    path("_allauth/app/v1/", include(paths_for(Client.APP, VIEWS))),
]
