"""What the OpenAPI document says of trusted browsers and apps."""

from typing import Any

from ciam_core.kernel.documenting import SIGNED_IN, example, problems
from ciam_mfa.trusted_browsers.serializers import TrustedDeviceSerializer

TRUSTED = {
    "id": "01a213ae-a105-7770-ab4e-32b895609b97",
    "channel": "browser",
    "label": "Chrome on Windows",
    "created_at": "2026-11-20T10:15:00Z",
    "last_used_at": "2026-11-25T08:00:00Z",
    "expires_at": "2026-12-20T10:15:00Z",
    "current": True,
}
LIST: dict[str, Any] = {
    "operation_id": "trusted_devices_list",
    "tags": ["second factors"],
    "summary": "Where you are not asked for a second factor",
    "description": "The one that asks first, then the newest. A person has twenty at most, so the list comes whole.",
    "responses": {200: TrustedDeviceSerializer(many=True), **problems(*SIGNED_IN)},
    "examples": [example(TRUSTED)],
}
END: dict[str, Any] = {
    "operation_id": "trusted_devices_end",
    "tags": ["second factors"],
    "summary": "Be asked there again",
    "responses": {204: None, **problems(*SIGNED_IN, "not_found")},
}
END_ALL: dict[str, Any] = {
    "operation_id": "trusted_devices_end_all",
    "tags": ["second factors"],
    "summary": "Be asked everywhere again",
    "responses": {204: None, **problems(*SIGNED_IN)},
}
