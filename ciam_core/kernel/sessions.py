"""An app's session: the same store as a browser's, spoken in by ``X-Session-Token`` instead of a cookie.

Works on any engine of Django's. One that loads the person together with the session (``KnowsItsPerson``) is not asked
twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ciam_core.kernel.origin import Channel
from ciam_core.kernel.typing import User

HEADER = "X-Session-Token"
CHANNEL_KEY = "ciam_channel"


@runtime_checkable
class KnowsItsPerson(Protocol):
    """A session that tells whom it speaks for, hash of the password and state checked."""

    def person(self) -> User | None: ...


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Whom the session this request speaks in belongs to."""
    session = request.session
    return (session.person() or AnonymousUser()) if isinstance(session, KnowsItsPerson) else get_user(request)


def leave(request: HttpRequest) -> None:
    """The session this request speaks in has been ended with others: nothing is left to be saved in it."""
    request.session.flush()
    request.user = AnonymousUser()


class ChannelMiddleware:
    """``request.user`` is who the session knows, and an app's token in a cookie is nobody's session.

    Goes after ``AuthenticationMiddleware``, before who asks it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if hasattr(request, "user"):
            _ask_session(request)
        if has_session_cookie(request) and not _is_browsers(request):
            _forget_session(request)
        return self.get_response(request)


def _is_browsers(request: HttpRequest) -> bool:
    if "\0" in request.COOKIES[settings.SESSION_COOKIE_NAME]:
        return False  # PostgreSQL cannot even look for it
    return bool(request.session.get(CHANNEL_KEY) != Channel.APP)


def has_session_cookie(request: HttpRequest) -> bool:
    """False where looking into the session could find nothing, and would only make the answer vary by cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


@contextmanager
def app_session(request: HttpRequest) -> Iterator[None]:
    """While it lasts, ``request.session`` is the one its token names; an unknown token names an empty one.

    Put back afterwards, so that no middleware answers an app with a cookie. Raises ``UpdateError`` (Django's) where
    the session was ended meanwhile.
    """
    token = request.headers.get(HEADER)
    if token is None:
        yield
        return
    request.ciam_channel = Channel.APP  # type: ignore[attr-defined]  # read by origin_of
    with session_kept(request):
        request.session = find_app_session(token) or _store()()
        yield
        if request.session.modified and not request.session.is_empty():
            request.session.save()


@contextmanager
def session_kept(request: HttpRequest) -> Iterator[None]:
    """Whatever stands in for the request's own session meanwhile, it is back afterwards."""
    before = request.session
    try:
        yield
    finally:
        request.session = before


@contextmanager
def session_asked(request: HttpRequest) -> Iterator[None]:
    """While it lasts, ``request.user`` is who the session knows, also after another session took its place.

    Middleware of others may have wrapped it (django-otp's); allauth, which swaps sessions, empties the outer wrapper.
    """
    before = request.user
    _ask_session(request)
    try:
        yield
    finally:
        request.user = before


def find_app_session(token: str) -> SessionBase | None:
    """The live session of an app that ``token`` names. A browser's is no app's, whoever copied its key."""
    session = _store()(token if token.isascii() and token.isprintable() and len(token) <= 64 else None)
    return session if session.get(CHANNEL_KEY) == Channel.APP else None


def _forget_session(request: HttpRequest) -> None:
    request.session = _store()()
    for known in ("_cached_user", "_acached_user"):
        request.__dict__.pop(known, None)
    _ask_session(request)


def _ask_session(request: HttpRequest) -> None:
    request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]  # as Django's middleware


def _store() -> type[SessionBase]:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store
