"""What the OpenAPI document says of each operation: words, examples, error codes."""

from typing import Any

from ciam_core.kernel.cursors import CursorSerializer
from ciam_core.kernel.documenting import SIGNED_IN, example, problems
from ciam_core.sessions.serializers import (
    DeviceNameSerializer,
    DevicePageSerializer,
    DeviceSerializer,
    SessionPageSerializer,
)

ENDING = (*SIGNED_IN, "recent_sign_in_required")
SESSION = {
    "id": "01a213ae-a105-7770-ab4e-32b895609b97",
    "device": "01a213ae-9c31-7d02-8f6b-0e7b6a3f5c11",
    "channel": "browser",
    "agent": "Chrome on Windows",
    "place": "near Lyon",
    "methods": ["password"],
    "created_at": "2026-11-24T10:15:00Z",
    "last_used_at": "2026-11-25T08:02:00Z",
    "current": True,
}
DEVICE = {
    "id": "01a213ae-9c31-7d02-8f6b-0e7b6a3f5c11",
    "name": "At work",
    "label": "At work",
    "first_used_at": "2026-06-02T07:30:00Z",
    "last_used_at": "2026-11-24T10:15:00Z",
    "current": True,
}

LIST_SESSIONS: dict[str, Any] = {
    "operation_id": "sessions_list",
    "tags": ["sessions"],
    "summary": "Where you are signed in",
    "description": (
        "Browsers and apps alike, newest first, twenty at a time; `next` is the address of older ones. A page may hold "
        "fewer: sessions that a shorter time-out has ended since are left out."
    ),
    "parameters": [CursorSerializer],
    "responses": {200: SessionPageSerializer, **problems(*SIGNED_IN, "invalid")},
    "examples": [example({"results": [SESSION], "next": None})],
}
END_OTHERS: dict[str, Any] = {
    "operation_id": "sessions_end_others",
    "tags": ["sessions"],
    "summary": "Sign out everywhere else",
    "description": "Every session ends but the one that asks.",
    "responses": {204: None, **problems(*ENDING)},
}
END_SESSION: dict[str, Any] = {
    "operation_id": "sessions_end",
    "tags": ["sessions"],
    "summary": "End a session",
    "responses": {204: None, **problems(*ENDING, "not_found")},
}
LIST_DEVICES: dict[str, Any] = {
    "operation_id": "devices_list",
    "tags": ["devices"],
    "summary": "Devices you have signed in on",
    "description": "By first use, newest first, twenty at a time; `next` is the address of older ones.",
    "parameters": [CursorSerializer],
    "responses": {200: DevicePageSerializer, **problems(*SIGNED_IN, "invalid")},
    "examples": [example({"results": [DEVICE], "next": None})],
}
NAME_DEVICE: dict[str, Any] = {
    "operation_id": "devices_name",
    "tags": ["devices"],
    "summary": "Name a device",
    "request": DeviceNameSerializer,
    "responses": {200: DeviceSerializer, **problems(*SIGNED_IN, "invalid", "malformed", "too_large", "not_found")},
    "examples": [example({"name": "At work"}, asked=True), example(DEVICE)],
}
FORGET_DEVICE: dict[str, Any] = {
    "operation_id": "devices_forget",
    "tags": ["devices"],
    "summary": "Forget a device",
    "description": "Its sessions end, but for the one that asks; the next sign-in on it is told by mail.",
    "responses": {204: None, **problems(*ENDING, "not_found")},
}
