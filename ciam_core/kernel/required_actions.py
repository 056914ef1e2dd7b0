"""One queue of what a person must do before going on: replace a breached password, add an attribute, enrol a factor.

A session with an open action is *pending*: pages redirect to it, JSON is answered 403 ``required_action``. It costs
nothing per page: the session keeps the revision of the registry it was cleared at, and only another one is evaluated;
also once the answer was good for (``TimedAction``) is over.
"""

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import ForbiddenError
from ciam_core.kernel.http import session_of, wants_page
from ciam_core.kernel.refusals import answer_refusal
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.sessions import has_session_cookie
from ciam_core.kernel.typing import User

SESSION_KEY = "ciam_cleared"

V = TypeVar("V", bound=Callable[..., Any])


class RequiredAction(Protocol):
    """Something to be done first. ``url_name`` is the page where it is done; ``name`` what an app is told."""

    name: str
    url_name: str

    def is_open(self, user: User) -> bool: ...


@dataclass(frozen=True)
class Standing:
    """``good_until``: when a session in which the action is not open is asked again; None: never."""

    is_open: bool
    good_until: datetime | None = None


class TimedAction(ABC):
    """A required action that opens by itself: when a deadline passes, or because of what happens elsewhere."""

    name: str
    url_name: str

    @abstractmethod
    def standing(self, user: User) -> Standing: ...

    @abstractmethod
    def terms(self) -> str:
        """Whom it concerns, in any words: when they change, every session is asked again."""

    def is_open(self, user: User) -> bool:
        return self.standing(user).is_open


class ActionRequired(ForbiddenError):
    """Raised by whoever finds an action open at the moment it matters. ``action`` names it to the client."""

    code = "required_action"
    message = _("There is something to do first.")

    def __init__(self, action: RequiredAction, **details: Any) -> None:
        super().__init__(action=action.name, **details)
        self.action = action

    def hints(self) -> dict[str, str]:
        """What the action's page is told in its query: lists as comma-separated words."""
        return {key: ",".join(value) for key, value in self.details.items() if isinstance(value, list)}


actions: Registry[RequiredAction] = Registry("required action")


def revision() -> str:
    """Changes when a deployment adds or drops a kind of action or changes its terms: every session is asked again."""
    terms = [action.terms() for action in actions if isinstance(action, TimedAction)]
    return hashlib.sha256("\n".join([*actions.names(), *terms]).encode()).hexdigest()[:16]


def open_action(user: User) -> RequiredAction | None:
    """The first thing ``user`` must do, in the order the actions were registered."""
    return _evaluated(user)[0]


def require_none_open(request: HttpRequest, *, besides: Collection[str] = ()) -> None:
    """Raise ``ActionRequired`` while the signed-in person has something to do; remember when there is nothing.

    ``besides``: names of actions that are being done here.
    """
    if is_cleared(request):
        return
    action, good_until = _evaluated(request.user)  # type: ignore[arg-type]  # callers are behind sign-in
    if action is None:
        session_of(request)[SESSION_KEY] = f"{revision()} {good_until.timestamp()}" if good_until else revision()
    elif action.name not in besides:
        raise ActionRequired(action)


def _evaluated(user: User) -> tuple[RequiredAction | None, datetime | None]:
    """What is open first; where nothing is, until when that is good."""
    moments: list[datetime] = []
    for action in actions:
        standing = action.standing(user) if isinstance(action, TimedAction) else Standing(action.is_open(user))
        if standing.is_open:
            return action, None
        if standing.good_until:
            moments.append(standing.good_until)
    return None, min(moments, default=None)


def is_cleared(request: HttpRequest) -> bool:
    """Whether this session had nothing left to do when it was last asked, and need not be asked again yet."""
    cleared_at, _, good_until = str(session_of(request).get(SESSION_KEY, "")).partition(" ")
    return cleared_at == revision() and (not good_until or time.time() < float(good_until))


def reopen(request: HttpRequest) -> None:
    """Have this session evaluated again, because something just changed for its person."""
    session_of(request).pop(SESSION_KEY, None)


def while_pending(view: V) -> V:
    """Mark ``view`` as usable in a pending session: the action's own page, sign-out, help, or one that asks itself."""
    view.ciam_while_pending = True  # type: ignore[attr-defined]
    return view


def while_open(*names: str) -> Callable[[V], V]:
    """Mark a view as usable while what is to be done first is one of these actions: the pages where it is done."""

    def mark(view: V) -> V:
        view.ciam_while_open = names  # type: ignore[attr-defined]
        return view

    return mark


class RequiredActionsMiddleware:
    """Keeps a pending session on its action's page. Goes after ``AuthenticationMiddleware``.

    It looks at sessions that a cookie names, and no further than into the session where that was cleared.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "ciam_while_pending", False) or not has_session_cookie(request):
            return None
        if is_cleared(request) or not request.user.is_authenticated:
            return None
        try:
            require_none_open(request, besides=getattr(view, "ciam_while_open", ()))
        except ActionRequired as refusal:
            return answer(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error) if isinstance(error, ActionRequired) else None


def answer(request: HttpRequest, refusal: ActionRequired) -> HttpResponse:
    """Send a person to the action's page and back afterwards; tell a program what is to be done."""
    if not wants_page(request):
        return answer_refusal(request, refusal)
    after = request.get_full_path() if request.method == "GET" else ""
    query = {key: value for key, value in {"next": after, **refusal.hints()}.items() if value}
    where = reverse(refusal.action.url_name)
    return redirect(f"{where}?{urlencode(query)}" if query else where)
