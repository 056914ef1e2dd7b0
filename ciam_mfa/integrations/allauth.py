"""The second factor as a stage of allauth's sign-in, behind every door of ``ciam_core``; pages and JSON alike."""

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.headless.constants import Client
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from django.apps import apps
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path
from django.views.decorators.debug import sensitive_variables

from ciam_core.accounts.reauthentication import note_assurance
from ciam_core.building.headless import Answer, AuthView, conflict, paths_for
from ciam_core.building.stages import further_proofs
from ciam_core.kernel.assurance import SHOWN_KEY
from ciam_core.kernel.exceptions import InvalidError
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.origin import Channel
from ciam_core.kernel.personal_data import Erase, declare
from ciam_core.kernel.routes import api_modules, url_modules
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.answering import begin_answer, give_answer
from ciam_mfa.challenge.gate import is_needed
from ciam_mfa.challenge.presenting import described
from ciam_mfa.challenge.waiting import is_current, known_state, waiting_rooms, waiting_sign_in
from ciam_mfa.exceptions import AuthenticatorUnknown
from ciam_mfa.factors.channels import first_factors
from ciam_mfa.factors.queries import factor_of, offers_to
from ciam_mfa.integrations.passkey_offer import remember_able
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.settings import conf
from ciam_mfa.step_up.views import first_factor_pages
from ciam_mfa.trusted_browsers.queries import trust_offered_to
from ciam_mfa.trusted_browsers.tokens import keep_token, trust_here


def register() -> None:
    further_proofs.add("ciam_mfa", "ciam_mfa.integrations.allauth.ChallengeStage")
    waiting_rooms.add("allauth", waiting_stage)
    first_factor_pages.add("ciam_core", "ciam_reauthenticate")
    api_modules.add("ciam_mfa", "ciam_mfa.api_urls")
    url_modules.add("ciam_mfa", "ciam_mfa.urls")
    url_modules.add("ciam_mfa.allauth", "ciam_mfa.integrations.allauth")
    if apps.is_installed("allauth.mfa"):
        url_modules.add("ciam_mfa.allauth_clients", "ciam_mfa.integrations.allauth_clients")
        declare("mfa.Authenticator", subject="user_id", on_erase=Erase.DELETE, fields=["type", "created_at"])


def flow_id() -> str:
    """What clients call the challenge."""
    return "mfa_authenticate" if conf().ALLAUTH_CLIENTS else "ciam_mfa"


def told_as(key: str) -> str:
    """What clients call the kind of the authenticator ``key``."""
    name = key.rpartition("-")[0]
    return "webauthn" if conf().ALLAUTH_CLIENTS and name == passkeys.name else name


class ChallengeStage(LoginStage):  # type: ignore[misc]  # allauth is untyped
    """Who has a second factor is asked for it, whatever the first was. Clients are shown it as a flow."""

    urlname = "ciam_challenge"
    state: dict[str, Any]

    @property
    def key(self) -> str:
        return flow_id()

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: User | None = self.login.user
        if user is None or not is_needed(self.request, user):
            return None, True
        note_assurance(self.request, user)
        _leave_former_key(self.request)
        remember_able(self.request)
        self.state.update(known_state(user), proven=self.login.user.by_proven_contact)
        return headed_redirect_response(self.urlname), True


def _leave_former_key(request: HttpRequest) -> None:
    """Whoever planted the session's key must not stand at the challenge of another's (SE1). An app keeps its token."""
    if getattr(request, "ciam_channel", Channel.BROWSER) != Channel.APP:
        session_of(request).cycle_key()


class WaitingStage:
    def __init__(self, stage: ChallengeStage) -> None:
        self.stage = stage
        self.user: User = stage.login.user

    def finish(self, request: HttpRequest, key: str) -> HttpResponse:
        record_authentication(request, self.user, "mfa", type=told_as(key), id=key)
        self.stage.login.user.by_proven_contact = self.stage.state.get("proven", False)
        response: HttpResponse = self.stage.exit()
        return response

    def cancel(self, request: HttpRequest) -> None:
        clear_login(request)
        session_of(request).pop(SHOWN_KEY, None)


def waiting_stage(request: HttpRequest) -> WaitingStage | None:
    """Where this session waits; what is out of date is dropped."""
    stage: ChallengeStage | None = LoginStageController.enter(request, flow_id())
    if stage is None or stage.login.user is None:
        return None
    if not is_current(stage.login.user, stage.state):
        clear_login(request)
        return None
    return WaitingStage(stage)


class Challenge(AuthView):
    """``GET`` lists what the person can answer with, ``POST`` answers with one: ``authenticator`` and its answer.

    With ``begin`` it does what must come before, such as texting a code. With ``trust`` the browser or app spares the
    person the next times, for ``trust_lifetime`` seconds: an app is told its token under ``meta``.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waiting = waiting_sign_in(request)
        if waiting is None:
            return conflict(request)
        offers = offers_to(waiting.user, shown=first_factors(request, waiting.user))
        trust = trust_offered_to(waiting.user)
        lifetime = int(trust.total_seconds()) if trust else None
        return _told(request, {"authenticators": [described(offer) for offer in offers], "trust_lifetime": lifetime})

    @sensitive_variables()
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waiting = waiting_sign_in(request)
        if waiting is None:
            return conflict(request)
        given = {name: value for name, value in (self.data or {}).items() if isinstance(name, str)}
        key, begin, trust = given.pop("authenticator", None), given.pop("begin", False), given.pop("trust", False)
        factor = factor_of(key) if isinstance(key, str) else None
        if factor is None:
            raise AuthenticatorUnknown(field="authenticator")
        if not isinstance(trust, bool):
            raise InvalidError(field="trust")
        if begin is True:
            return _told(request, {"prompt": begin_answer(request, waiting.user, key)})
        form = factor.answer_form(data=given)
        if not form.is_valid():
            refused: HttpResponseBase = ErrorResponse(request, input=form)
            return refused
        give_answer(request, waiting.user, key, form.cleaned_data)
        answer = Answer.from_response(request, waiting.finish(request, key))
        return _trusted(request, waiting.user, answer) if trust else answer


def _trusted(request: HttpRequest, user: User, answer: Answer) -> Answer:
    token = trust_here(request, user)
    if token and origin_of(request).channel == Channel.APP:
        body = json.loads(answer.content)
        body["meta"]["trusted_device_token"] = token
        answer.content = json.dumps(body).encode()
    elif token:
        keep_token(answer, token)
    return answer


def _told(request: HttpRequest, data: dict[str, Any]) -> HttpResponseBase:
    answer: HttpResponseBase = APIResponse(request, data=data)
    return answer


VIEWS: dict[str, type[AuthView]] = {"auth/ciam/challenge": Challenge}

urlpatterns = [
    path("_allauth/browser/v1/", include(paths_for(Client.BROWSER, VIEWS))),
    path("_allauth/app/v1/", include(paths_for(Client.APP, VIEWS))),
]
