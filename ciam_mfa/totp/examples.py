"""What the OpenAPI document says of authenticator apps."""

from typing import Any

from ciam_core.kernel.documenting import example, problems
from ciam_mfa.factors.examples import APP, MANY, WRITING
from ciam_mfa.totp.serializers import FirstCodeSerializer, StartedSerializer

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # an example
STARTED = {"secret": SECRET, "uri": f"otpauth://totp/Shop:alice@example.com?secret={SECRET}&issuer=Shop"}
START: dict[str, Any] = {
    "operation_id": "factors_totp_start",
    "tags": ["second factors"],
    "summary": "A key for a new authenticator app",
    "description": "It counts once the app has shown a code for it, within 15 minutes.",
    "request": None,
    "responses": {201: StartedSerializer, **problems(*WRITING, "mfa.too_many_authenticators")},
    "examples": [example(STARTED)],
}
CONFIRM: dict[str, Any] = {
    "operation_id": "factors_totp_confirm",
    "tags": ["second factors"],
    "summary": "The first code of that app",
    "request": FirstCodeSerializer,
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
    "examples": [example({"code": "482913", "name": "Phone"}, asked=True), example(APP)],
}
