"""Every refusal is a problem document (RFC 9457) with a code that never changes."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from rest_framework import exceptions as drf

from ciam_core.kernel.exceptions import ConflictError, ForbiddenError, InvalidError, NotFoundError, ThrottledError
from ciam_core.kernel.problems import Refused, problem_handler
from ciam_core.kernel.refusals import RefusalMiddleware, csrf_failure


class Closed(ForbiddenError):
    code = "shop.closed"
    message = "The shop is closed."  # type: ignore[assignment]  # a plain text does in a test


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (drf.ValidationError({"a": ["x"]}), 400, "invalid"),
        (drf.ParseError(), 400, "malformed"),
        (drf.NotAuthenticated(), 401, "not_signed_in"),
        (drf.AuthenticationFailed(), 401, "not_signed_in"),
        (drf.PermissionDenied(), 403, "forbidden"),
        (PermissionDenied(), 403, "forbidden"),
        (drf.NotFound(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (drf.NotAcceptable(), 406, "not_acceptable"),
        (drf.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (drf.Throttled(), 429, "throttled"),
        (drf.APIException(), 500, "error"),
        (InvalidError(), 400, "invalid"),
        (NotFoundError(), 404, "not_found"),
        (ConflictError(), 409, "conflict"),
        (Closed(), 403, "shop.closed"),
        (Refused(Closed()), 403, "shop.closed"),
    ],
)
def test_each_refusal_has_its_status_and_code(error, status, code):
    answer = problem_handler(error, {})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.data["status"], answer.data["code"], answer.data["type"]) == (status, code, f"urn:ciam:{code}")
    assert answer.data["title"]


def test_what_is_no_refusal_stays_an_error():
    assert problem_handler(ZeroDivisionError(), {}) is None


def test_details_are_members_that_cannot_replace_the_documents_own():
    answer = problem_handler(Closed(until="09:00", status=200, code="open"), {})
    assert answer.data["until"] == "09:00"
    assert (answer.data["status"], answer.data["code"]) == (403, "shop.closed")


def test_the_field_is_told_beside_its_message():
    answer = problem_handler(Closed(field="door"), {})
    assert answer.data["errors"] == {"door": [{"code": "shop.closed", "message": "The shop is closed."}]}


def test_when_to_come_back_is_told_twice():
    answer = problem_handler(ThrottledError(retry_after=30), {})
    assert (answer.headers["Retry-After"], answer.data["retry_after"]) == ("30", 30)


def test_what_is_invalid_is_told_by_field():
    nested = drf.ValidationError({"a": ["x"], "b": {"c": ["y"]}})
    errors = problem_handler(nested, {}).data["errors"]
    assert [error["message"] for error in errors["a"]] == ["x"]
    assert [list(inner) for inner in errors["b"]] == [["c"]]
    assert list(problem_handler(drf.ValidationError(["z"]), {}).data["errors"]) == ["non_field_errors"]


def test_the_challenge_of_an_authentication_is_kept():
    error = drf.NotAuthenticated()
    error.auth_header = 'Session realm="account"'
    assert problem_handler(error, {}).headers["WWW-Authenticate"] == 'Session realm="account"'


def test_a_view_with_drfs_own_handler_answers_with_the_document():
    from rest_framework.views import exception_handler

    answer = exception_handler(Refused(Closed(until="09:00")), {})
    assert answer.status_code == 403
    assert answer.data["code"] == "shop.closed"
    assert answer.data["until"] == "09:00"


@pytest.mark.parametrize(
    ("accept", "kind"), [("text/html", "text/html; charset=utf-8"), ("application/json", "application/problem+json")]
)
@pytest.mark.django_db
def test_a_view_that_raises_is_answered_in_the_form_that_is_read(accept, kind, client):
    request = RequestFactory().get("/", headers={"Accept": accept})
    request.session = client.session if accept == "text/html" else None
    answer = RefusalMiddleware(lambda request: HttpResponse()).process_exception(request, ThrottledError(retry_after=9))
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (429, kind, "9")
    assert "no-store" in answer["Cache-Control"]


def test_an_error_that_is_no_refusal_is_left_to_django():
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None


def test_a_failed_csrf_check_is_told_in_json():
    request = RequestFactory().post("/", {}, content_type="application/json")
    answer = csrf_failure(request, reason="CSRF cookie not set.")
    assert json.loads(answer.content)["code"] == "page_expired"
    assert "cookie not set" not in answer.text
