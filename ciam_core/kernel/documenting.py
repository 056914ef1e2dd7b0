"""What the OpenAPI document says of refusals: one example per code, in the words of the source."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import exceptions as drf
from rest_framework import serializers

from ciam_core.kernel.api import BodyTooLarge
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.problems import CONTENT_TYPE, problem_handler
from ciam_core.kernel.required_actions import ActionRequired
from ciam_core.kernel.typing import User

SIGNED_IN = ("not_signed_in", "forbidden", "required_action")


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField(help_text="``urn:ciam:`` and the code.")
    title = serializers.CharField(help_text="What happened and what to do, in the reader's language.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; branch on this.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, not the base's property
        required=False, help_text="Field name → list of ``{code, message}``."
    )


def problems(*codes: str) -> dict[tuple[int, str], OpenApiResponse]:
    """The error answers of an operation: one entry per status, one example per code."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(_documents()[code]["status"], []).append(code)
    return {(status, CONTENT_TYPE): _answer(alike) for status, alike in sorted(by_status.items())}


def _answer(codes: list[str]) -> OpenApiResponse:
    shown = [OpenApiExample(code, value=_documents()[code], response_only=True) for code in codes]
    return OpenApiResponse(ProblemSerializer, description=", ".join(codes), examples=shown)


def describe(*refusals: Callable[[], CiamError]) -> None:
    """Let operations name these refusals: a class, or what makes an example. Before the document is built."""
    _described.extend(refusals)
    _documents.cache_clear()


def example(value: Any, *, asked: bool = False) -> OpenApiExample:
    return OpenApiExample("Example", value=value, request_only=asked, response_only=not asked)


_REQUIRED = drf.ErrorDetail("This field is required.", code="required")
_FRAMEWORK = (drf.NotAuthenticated, drf.PermissionDenied, drf.NotFound, drf.ParseError, BodyTooLarge)


class _SomeAction:
    name = "complete_profile"
    url_name = ""

    def is_open(self, user: User) -> bool:
        return True


_described: list[Callable[[], CiamError]] = [
    lambda: TooManyAttempts(retry_after=60),
    lambda: ActionRequired(_SomeAction(), attributes=["full_name"]),
]


@cache
def _documents() -> dict[str, dict[str, Any]]:
    """Code → what our views answer."""
    refusals = [*(make() for make in _FRAMEWORK), drf.ValidationError({"email": [_REQUIRED]})]
    with translation.override(None):
        answers = [problem_handler(refusal, {}) for refusal in (*refusals, *(make() for make in _described))]
    plain = [json.loads(json.dumps(answer.data)) for answer in answers if answer is not None]
    return {document["code"]: document for document in plain}
