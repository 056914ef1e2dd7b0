"""One queue of what a person must do before going on: replace a breached password, add an attribute, enrol a factor.

A session with an open action is *pending*: pages redirect to it, JSON is answered 403 ``required_action``. It costs
nothing per page: the session keeps the revision of the registry it was cleared at, and only another one is evaluated.
"""

import hashlib
from collections.abc import Callable
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
    """Changes when a deployment adds or drops a kind of action, so that every session is asked again."""
    return hashlib.sha256("\n".join(actions.names()).encode()).hexdigest()[:16]


def open_action(user: User) -> RequiredAction | None:
    """The first thing ``user`` must do, in the order the actions were registered."""
    return next((action for action in actions if action.is_open(user)), None)


def require_none_open(request: HttpRequest) -> None:
    """Raise ``ActionRequired`` while the signed-in person has something to do; remember when there is nothing."""
    if is_cleared(request):
        return
    action = open_action(request.user)  # type: ignore[arg-type]  # callers are behind sign-in
    if action is not None:
        raise ActionRequired(action)
    session_of(request)[SESSION_KEY] = revision()


def is_cleared(request: HttpRequest) -> bool:
    """Whether this session had nothing left to do when it was last asked."""
    return bool(session_of(request).get(SESSION_KEY) == revision())


def reopen(request: HttpRequest) -> None:
    """Have this session evaluated again, because something just changed for its person."""
    session_of(request).pop(SESSION_KEY, None)


def while_pending(view: V) -> V:
    """Mark ``view`` as usable in a pending session: the action's own page, sign-out, help, or one that asks itself."""
    view.ciam_while_pending = True  # type: ignore[attr-defined]
    return view


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
            require_none_open(request)
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
