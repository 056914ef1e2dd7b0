"""What the OpenAPI document says of codes by text message."""

from typing import Any

from ciam_core.kernel.documenting import example, problems
from ciam_mfa.factors.examples import MANY, WRITING
from ciam_mfa.one_time_codes.serializers import NewNumberSerializer, TextedCodeSerializer, TextedSerializer

TEXTED = {"sent_to": "+44\u00a0•••••\u00a023", "minutes": 5, "resend_in": 30}
ADDED = {
    "id": "text_message-3",
    "factor": "text_message",
    "name": "+44 ••••• 23",
    "created_at": "2026-11-24T10:15:00Z",
    "last_used_at": None,
    "disabled_at": None,
    "left": None,
}
START: dict[str, Any] = {
    "operation_id": "factors_text_message_start",
    "tags": ["second factors"],
    "summary": "Text a code to a new number",
    "description": "It counts once that code is entered in this session. 409 `mfa.texts_off` where it is not offered.",
    "request": NewNumberSerializer,
    "responses": {
        201: TextedSerializer,
        **problems(*WRITING, "mfa.same_channel", "mfa.texts_off", "mfa.too_many_authenticators", "too_many_attempts"),
    },
    "examples": [example({"phone": "+44 7700 900123"}, asked=True), example(TEXTED)],
}
CONFIRM: dict[str, Any] = {
    "operation_id": "factors_text_message_confirm",
    "tags": ["second factors"],
    "summary": "The code that was texted to it",
    "request": TextedCodeSerializer,
    "responses": {
        201: MANY,
        **problems(
            *WRITING,
            "mfa.answer_rejected",
            "mfa.enrolment_expired",
            "mfa.too_many_authenticators",
            "too_many_attempts",
        ),
    },
    "examples": [example({"code": "482913"}, asked=True), example(ADDED)],
}
