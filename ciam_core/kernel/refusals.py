"""A refusal that no form caught: a page that says what happened and what to do, or a problem document (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import CiamError, ForbiddenError, ThrottledError
from ciam_core.kernel.http import wants_page

CONTENT_TYPE = "application/problem+json"

TITLES = {
    HTTPStatus.NOT_FOUND: _("There is nothing here"),
    HTTPStatus.TOO_MANY_REQUESTS: _("Wait a little"),
}


class RefusalMiddleware:
    """Answers ``CiamError`` raised by a view with the error's status, in the form the client reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_refusal(request, error) if isinstance(error, CiamError) else None


class PageExpired(ForbiddenError):
    """The form's CSRF token does not match: an old tab, or cookies that were cleared."""

    code = "page_expired"
    message = _("This page has been open for too long. Go back, reload it, and try again.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Named in ``CSRF_FAILURE_VIEW``: something a person, or a program, can act on."""
    return answer_refusal(request, PageExpired())


def answer_refusal(request: HttpRequest, error: CiamError) -> HttpResponse:
    """For a person the page that leads on, or ``ciam_kernel/problem.html``; for a program a problem document.

    Never cached.
    """
    response = _page(request, error) if wants_page(request) else problem_document(error)
    if isinstance(error, ThrottledError):
        response.headers["Retry-After"] = str(error.retry_after)
    add_never_cache_headers(response)
    return response


def _page(request: HttpRequest, error: CiamError) -> HttpResponse:
    if error.way_on:
        return redirect(error.way_on)
    context = {
        "status": int(error.status),
        "title": TITLES.get(error.status, _("That did not work")),
        "text": str(error),
    }
    return render(request, "ciam_kernel/problem.html", context, status=error.status)


def problem_document(error: CiamError) -> HttpResponse:
    return JsonResponse(
        problem(error.status, error.code, str(error.message), members_of(error)),
        encoder=DjangoJSONEncoder,
        status=error.status,
        content_type=CONTENT_TYPE,
    )


def members_of(error: CiamError) -> dict[str, Any]:
    """The ``details`` of a refusal as extension members (RFC 9457 §3.2), its field's message under ``errors``.

    ``detail`` (§3.1.4) where the words for this one time differ from the title.
    """
    text = str(error)
    told = {"detail": text} if text != str(error.message) else {}
    beside = {"errors": {error.field: [{"code": error.code, "message": text}]}} if error.field else {}
    return {**error.details, **told, **beside}


def problem(status: int, code: str, title: str, members: dict[str, Any]) -> dict[str, Any]:
    """The body of a problem document."""
    return {**members, "type": f"urn:ciam:{code}", "title": title, "status": int(status), "code": code}
