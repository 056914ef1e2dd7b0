"""Refusals of our REST endpoints: problem documents (RFC 9457) with stable codes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ciam_core.kernel.exceptions import CiamError, Text, ThrottledError
from ciam_core.kernel.refusals import CONTENT_TYPE, members_of, problem

_WORDS: dict[type[drf.APIException], tuple[str, Text]] = {
    drf.ValidationError: ("invalid", _("Check what you sent.")),
    drf.ParseError: ("malformed", _("The body cannot be read as JSON.")),
    drf.NotAuthenticated: ("not_signed_in", _("Sign in first.")),
    drf.AuthenticationFailed: ("not_signed_in", _("Sign in first.")),
    drf.PermissionDenied: ("forbidden", _("You are not allowed to do this.")),
    drf.NotFound: ("not_found", _("There is nothing here.")),
    drf.MethodNotAllowed: ("method_not_allowed", _("This cannot be done here.")),
    drf.NotAcceptable: ("not_acceptable", _("Only JSON is spoken here.")),
    drf.UnsupportedMediaType: ("unsupported_media_type", _("Send JSON.")),
    drf.Throttled: ("throttled", _("Too many tries. Wait a little, then try again.")),
}


class Refused(drf.PermissionDenied):
    """A refusal in the words of DRF, for a view that answers with a handler of its own: its detail is the document."""

    def __init__(self, refusal: CiamError) -> None:
        super().__init__()
        self.refusal = refusal
        self.status_code = int(refusal.status)
        self.detail = problem(
            refusal.status, refusal.code, str(refusal.message), members_of(refusal)
        )  # any dict is answered as it is


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler for our views. What is not a refusal stays an error, and is logged as one."""
    if isinstance(error, Http404):
        error = drf.NotFound()
    elif isinstance(error, PermissionDenied):
        error = drf.PermissionDenied()
    elif isinstance(error, Refused):
        error = error.refusal
    if isinstance(error, CiamError):
        set_rollback()
        return of_refusal(error)
    if isinstance(error, drf.APIException):
        set_rollback()
        return _of_framework(error)
    return None


def of_refusal(error: CiamError) -> Response:
    """The problem document of a refusal."""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, ThrottledError) else {}
    return _document(error.status, error.code, str(error.message), members_of(error), headers)


def _of_framework(error: drf.APIException) -> Response:
    known = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), None)
    code, title = known or (error.default_code, error.default_detail)
    members = {"errors": _by_field(error.get_full_details())} if isinstance(error, drf.ValidationError) else {}
    challenge = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": str(challenge)} if challenge else {}
    return _document(error.status_code, code, str(title), members, headers)


def _by_field(details: Any) -> dict[str, Any]:
    if isinstance(details, dict):
        return {str(field): found if isinstance(found, list) else [found] for field, found in details.items()}
    return {"non_field_errors": details if isinstance(details, list) else [details]}


def _document(status: int, code: str, title: str, members: dict[str, Any], headers: dict[str, str]) -> Response:
    body = problem(status, code, title, members)
    return Response(body, status=int(status), headers=headers, content_type=CONTENT_TYPE)


__all__ = ["CONTENT_TYPE", "Refused", "of_refusal", "problem_handler"]
