"""What the OpenAPI document says of second factors: words, examples, error codes."""

from datetime import timedelta
from typing import Any

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.documenting import SIGNED_IN, describe, example, problems
from ciam_mfa import exceptions
from ciam_mfa.factors.serializers import AuthenticatorSerializer, NameSerializer

describe(
    exceptions.AnswerRejected,
    exceptions.AuthenticatorDisabled,
    exceptions.AuthenticatorUnknown,
    exceptions.EnrolmentExpired,
    exceptions.NothingToBackUp,
    exceptions.SameChannel,
    exceptions.TextsOff,
    exceptions.TooManyAuthenticators,
    lambda: exceptions.StepUpRequired(Level.AAL2, timedelta(minutes=15)),
)

READING = SIGNED_IN
WRITING = (*SIGNED_IN, "step_up_required", "invalid", "malformed", "too_large")
APP = {
    "id": "totp-12",
    "factor": "totp",
    "name": "Phone",
    "created_at": "2026-11-24T10:15:00Z",
    "last_used_at": "2026-11-25T08:00:00Z",
    "disabled_at": None,
    "left": None,
    "demanded": True,
}
MANY = AuthenticatorSerializer(many=True)

LIST: dict[str, Any] = {
    "operation_id": "factors_list",
    "tags": ["second factors"],
    "summary": "Your second factors",
    "description": "The strongest first. A person has few, so the list comes whole.",
    "responses": {200: MANY, **problems(*READING)},
    "examples": [example(APP)],
}
RENAME: dict[str, Any] = {
    "operation_id": "factors_rename",
    "tags": ["second factors"],
    "summary": "Give one another name",
    "request": NameSerializer,
    "responses": {200: MANY, **problems(*WRITING, "mfa.authenticator_unknown")},
    "examples": [example({"name": "Old phone"}, asked=True), example(APP)],
}
REMOVE: dict[str, Any] = {
    "operation_id": "factors_remove",
    "tags": ["second factors"],
    "summary": "Remove one",
    "description": "With the last go the recovery codes, which stood in for it.",
    "responses": {200: MANY, **problems(*SIGNED_IN, "step_up_required", "mfa.authenticator_unknown")},
    "examples": [example(APP)],
}
