"""Asking for as much certainty as an act needs, and for how recent it must be."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest

from ciam_core.kernel.assurance import Level, has_shown
from ciam_core.kernel.http import session_of, wants_page
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import FactorNeeded, StepUpRequired
from ciam_mfa.factors.queries import authenticators_of, demands_second_factor
from ciam_mfa.factors.returning import remember_way_back
from ciam_mfa.settings import conf
from ciam_mfa.step_up.holding import hold_request, resume_request

V = TypeVar("V", bound=Callable[..., Any])


def step_up(level: Level | None = Level.AAL2, *, max_age: timedelta | None = None) -> Callable[[V], V]:
    """Let a view run only for somebody who has shown who they are as surely as ``level``, within ``max_age``.

    ``None`` stands for as surely as the person can, and for ``STEP_UP_MAX_AGE``. Others are led to the step-up page and
    back; a form they posted is not lost. A program is answered 403 ``step_up_required``, with both. It goes outermost
    on a function, a method or an action of the admin; on a class: ``@method_decorator(step_up(…), name="dispatch")``.
    """

    def decorate(view: V) -> V:
        if iscoroutinefunction(view):
            raise TypeError("step_up asks the database: put it on a synchronous view.")

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            request: HttpRequest = next(given for given in args[:2] if isinstance(given, HttpRequest))
            if not request.user.is_authenticated and wants_page(request):
                return redirect_to_login(request.get_full_path())
            require_level(request, level=level, max_age=max_age)
            resume_request(request)
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]  # called as the view is

    return decorate


def require_level(request: HttpRequest, *, level: Level | None = None, max_age: timedelta | None = None) -> None:
    """As ``step_up``, for code that is no view. Raises ``StepUpRequired`` or ``FactorNeeded``."""
    age = conf().STEP_UP_MAX_AGE if max_age is None else max_age
    user: Any = request.user
    if not user.is_authenticated:
        raise StepUpRequired(level or Level.AAL1, age)
    session, subject = session_of(request), str(user.pk)
    wanted = level or highest_of(user)
    if has_shown(session, subject, level=wanted, max_age=age):
        return
    if wants_page(request):
        hold_request(request)
    if level and wanted > highest_of(user):
        remember_way_back(request)
        raise FactorNeeded()
    raise StepUpRequired(wanted, age, back=request.get_full_path())


def highest_of(user: User) -> Level:
    """What ``user`` can show with the factors they have."""
    return Level.AAL2 if demands_second_factor(authenticators_of(user)) else Level.AAL1
