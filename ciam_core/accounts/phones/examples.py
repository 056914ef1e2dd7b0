"""What the OpenAPI document says of each operation on phone numbers."""

from typing import Any

from ciam_core.accounts.examples import WRITING
from ciam_core.accounts.phones.serializers import NumberSerializer, PhoneSerializer
from ciam_core.accounts.serializers import CodeSerializer, PendingSerializer
from ciam_core.kernel.documenting import SIGNED_IN, example, problems

PHONE = {"id": 3, "hint": "+44 ••••• 23", "verified": True, "primary": True}
PENDING = {"sent_to": "+44 ••••• 23", "expires_at": "2026-11-24T10:15:00Z"}
FOUND = (*SIGNED_IN, "not_found")
CHANGING = (*FOUND, "recent_sign_in_required")

LIST_PHONES: dict[str, Any] = {
    "operation_id": "phones_list",
    "tags": ["phones"],
    "summary": "Your phone numbers",
    "description": "The primary one first. An account holds few, so the list comes whole. 404 where phones are off.",
    "responses": {200: PhoneSerializer(many=True), **problems(*FOUND)},
    "examples": [example(PHONE)],
}
ADD_PHONE: dict[str, Any] = {
    "operation_id": "phones_add",
    "tags": ["phones"],
    "summary": "Add a phone number",
    "description": "Texts it a code. Answers alike when the number belongs to another account.",
    "request": NumberSerializer,
    "responses": {
        202: PendingSerializer,
        **problems(
            *WRITING,
            "not_found",
            "phone.refused",
            "phone.country",
            "phone.yours",
            "phone.too_many",
            "too_many_attempts",
        ),
    },
    "examples": [example({"phone": "+44 7700 900123"}, asked=True), example(PENDING)],
}
REMOVE_PHONE: dict[str, Any] = {
    "operation_id": "phones_remove",
    "tags": ["phones"],
    "summary": "Remove a phone number",
    "responses": {204: None, **problems(*CHANGING, "phone.last_way_in")},
}
MAKE_PRIMARY_PHONE: dict[str, Any] = {
    "operation_id": "phones_make_primary",
    "tags": ["phones"],
    "summary": "Text this number from now on",
    "request": None,
    "responses": {200: PhoneSerializer(many=True), **problems(*CHANGING, "phone.unverified")},
    "examples": [example(PHONE)],
}
RESEND_PHONE_CODE: dict[str, Any] = {
    "operation_id": "phones_send_code",
    "tags": ["phones"],
    "summary": "Text a new code to a number that is not confirmed",
    "request": None,
    "responses": {202: PendingSerializer, **problems(*CHANGING, "too_many_attempts")},
    "examples": [example(PENDING)],
}
CONFIRM_PHONE: dict[str, Any] = {
    "operation_id": "phones_confirm",
    "tags": ["phones"],
    "summary": "Confirm the number a code was texted to",
    "description": "In the session that asked for it.",
    "request": CodeSerializer,
    "responses": {
        200: PhoneSerializer(many=True),
        **problems(*WRITING, "not_found", "proof.code_rejected", "proof.rejected", "phone.taken"),
    },
    "examples": [example({"code": "482913"}, asked=True), example(PHONE)],
}
