"""From a proven person to a session. Every door ends here, so that every stage is asked on every door."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse

from ciam_core.accounts.exceptions import StateChanged
from ciam_core.accounts.flows.leave import come_back
from ciam_core.accounts.phones.texting import is_texted
from ciam_core.accounts.stages import (
    ComeBackStage,
    ProofStage,
    SignInCodeStage,
    VerifyAddressStage,
    VerifyPhoneStage,
    waiting_for,
)
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.models import Proof


def enter(
    request: HttpRequest, user: Any, *, method: str, address: str = "", next_url: str = "", **noted: str
) -> HttpResponse:
    """Sign ``user`` in, who has proven who they are by ``method``: first the stages, then the session.

    ``address``: the one they were known by; empty where it was none. ``noted``: what allauth's clients are told of that
    method besides.
    """
    known_by = {"email": address} if address else {}
    record_authentication(request, user, method, **known_by, **noted)
    return _perform(request, Login(user=user, email=address or None, redirect_url=next_url or None))


def shown_by(proof: Proof) -> dict[str, str]:
    """What ``enter`` is told of somebody who had the code or link of ``proof``."""
    return {"method": "sms", "address": ""} if is_texted(proof) else {"method": "code", "address": proof.address}


def await_verification(request: HttpRequest, user: Any | None, proof: Proof, *, next_url: str = "") -> HttpResponse:
    """After a sign-up: come in once ``proof`` is spent. Without a person it waits for ever, and looks the same."""
    if user is not None:
        known_by = {} if is_texted(proof) else {"email": proof.address}
        record_authentication(request, user, "password" if user.has_usable_password() else "code", **known_by)
    stage = VerifyPhoneStage if is_texted(proof) else VerifyAddressStage
    return _pause(request, stage.key, user, proof, signup=True, next_url=next_url)


def await_sign_in_code(request: HttpRequest, proof: Proof, *, next_url: str = "") -> HttpResponse:
    """Somebody asked for a mailed or texted code: come in as soon as ``proof`` is spent.

    Whose it is stands in the proof alone: a session that knew would have to look its person up, and be slower for it.
    """
    return _pause(request, SignInCodeStage.key, None, proof, signup=False, next_url=next_url)


def pending(request: HttpRequest, kind: type[ProofStage]) -> ProofStage | None:
    """The stage of ``kind`` this session waits at, if it does."""
    if request.user.is_authenticated:
        return None
    stage: ProofStage | None = LoginStageController.enter(request, kind.key)
    return stage


def coming_back(request: HttpRequest) -> ComeBackStage | None:
    """Where this session is asked whether to come back, if it is; a question that is out of date is dropped."""
    if request.user.is_authenticated:
        return None
    stage: ComeBackStage | None = LoginStageController.enter(request, ComeBackStage.key)
    if stage is not None and not stage.is_current:
        clear_login(request)
        return None
    return stage


def let_back_in(request: HttpRequest, stage: ComeBackStage) -> HttpResponse:
    """The person said yes: undo their leaving, and go on with the sign-in. Raises ``StateChanged``."""
    try:
        come_back(stage.login.user, origin=origin_of(request))
    except StateChanged:
        clear_login(request)
        raise
    response: HttpResponse = stage.exit()
    return response


def wait_for(request: HttpRequest, stage: ProofStage, proof: Proof) -> None:
    """``stage`` waits for a newer proof than before."""
    stage.wait_for(proof)
    stash_login(request, stage.login)


def resume(request: HttpRequest, stage: ProofStage, user: Any, *, method: str) -> HttpResponse:
    """The proof ``stage`` waited for is spent: go on with the sign-in of ``user`` as they are now.

    Spending it may have voided a password: a session made for the person as they were would be dead at once.
    """
    stage.login.user = user
    if not get_authentication_records(request, stage.login.user):
        known_by = {"email": stage.login.email} if stage.login.email else {}
        record_authentication(request, stage.login.user, method, **known_by)
    response: HttpResponse = stage.exit()
    return response


def _pause(
    request: HttpRequest, stage: str, user: Any | None, proof: Proof, *, signup: bool, next_url: str
) -> HttpResponse:
    state = {"stages": {stage: {"data": waiting_for(proof)}}}
    address = None if is_texted(proof) else proof.address
    login = Login(user=user, email=address, signup=signup, redirect_url=next_url or None, state=state)
    return _perform(request, login)


def _perform(request: HttpRequest, login: Login) -> HttpResponse:
    response: HttpResponse = perform_login(request, login)
    return response
