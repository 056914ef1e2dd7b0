"""Sign-ins that wait for a second factor: who, and what happens once it is there."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend, login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare

from ciam_core.kernel.http import safe_redirect, session_of
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User
from ciam_mfa.settings import conf

WAITING_KEY = "ciam_mfa_waiting"


class WaitingSignIn(Protocol):
    """Somebody who has shown a first factor. ``user`` is in no session yet."""

    user: User

    def finish(self, request: HttpRequest, key: str) -> HttpResponse:
        """The authenticator ``key`` was answered with: go on into the session."""

    def cancel(self, request: HttpRequest) -> None:
        """The person starts again."""


waiting_rooms: Registry[Callable[[HttpRequest], WaitingSignIn | None]] = Registry("waiting room")
"""Who knows whether this session waits, and for what."""


def waiting_sign_in(request: HttpRequest) -> WaitingSignIn | None:
    """What this session waits for, if it does."""
    return next(filter(None, (room(request) for room in waiting_rooms)), None)


def known_state(user: User) -> dict[str, Any]:
    """What a waiting sign-in remembers: it ends with the password of then, and after ``CHALLENGE_LIFETIME`` (MF11)."""
    return {"known": user.get_session_auth_hash(), "since": time.time()}


def is_current(user: User, state: dict[str, Any]) -> bool:
    lives = time.time() - state.get("since", 0.0) <= conf().CHALLENGE_LIFETIME.total_seconds()
    return lives and constant_time_compare(state.get("known", ""), user.get_session_auth_hash())


def hold(request: HttpRequest, user: User) -> None:
    """Take back what Django's ``login()`` has just written, and remember what it was about to do."""
    session = session_of(request)
    user_id, backend = session.pop(SESSION_KEY), session.pop(BACKEND_SESSION_KEY)
    session.pop(HASH_SESSION_KEY, None)
    after = request.POST.get("next") or request.GET.get("next")
    then = safe_redirect(request, after, "") if after else ""
    session[WAITING_KEY] = {"user": user_id, "backend": backend, "next": then, **known_state(user)}
    request.user = AnonymousUser()


class WaitingLogin:
    """A call of Django's ``login()`` that was held back: of its own view, the admin's, or a host's."""

    def __init__(self, user: User, state: dict[str, Any]) -> None:
        self.user = user
        self._state = state

    def finish(self, request: HttpRequest, key: str) -> HttpResponse:
        self.cancel(request)
        user: Any = self.user
        login(request, user, self._state["backend"])
        return redirect(self._state["next"] or resolve_url(settings.LOGIN_REDIRECT_URL))

    def cancel(self, request: HttpRequest) -> None:
        session_of(request).pop(WAITING_KEY, None)


def waiting_login(request: HttpRequest) -> WaitingLogin | None:
    """What was held back in this session, unless the person may not come in any more: then it is dropped."""
    state = session_of(request).get(WAITING_KEY)
    if state is None:
        return None
    user: Any = None
    if state["backend"] in settings.AUTHENTICATION_BACKENDS:
        user = load_backend(state["backend"]).get_user(state["user"])  # None for who was shut out meanwhile
    if user is None or not is_current(user, state):
        session_of(request).pop(WAITING_KEY)
        return None
    return WaitingLogin(user, state)
