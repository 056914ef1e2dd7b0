"""Where somebody was going who had to enrol first."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ciam_core.kernel.http import session_of
from ciam_mfa.settings import conf

WAY_BACK_KEY = "ciam_mfa_way_back"


def remember_way_back(request: HttpRequest, path: str = "") -> None:
    """``path``, which is safe to redirect to; where this request leads, if none is given."""
    session_of(request)[WAY_BACK_KEY] = {"path": path or request.get_full_path(), "since": time.time()}


def way_back(request: HttpRequest) -> str:
    """Where this person was going, for as long as an enrolment may take; else empty."""
    kept = session_of(request).get(WAY_BACK_KEY) or {"path": "", "since": 0.0}
    lives = time.time() - kept["since"] <= conf().ENROLMENT_LIFETIME.total_seconds()
    return str(kept["path"]) if lives else ""


def after_enrolling(request: HttpRequest) -> HttpResponse:
    """On to there, or to all their factors."""
    onward = way_back(request)
    session_of(request).pop(WAY_BACK_KEY, None)
    return redirect(onward or "ciam_factors")
