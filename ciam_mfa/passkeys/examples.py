"""What the OpenAPI document says of passkeys."""

from typing import Any

from ciam_core.kernel.documenting import describe, example, problems
from ciam_mfa import exceptions
from ciam_mfa.factors.examples import APP, MANY, WRITING
from ciam_mfa.passkeys.serializers import BegunSerializer, NewPasskeySerializer

describe(exceptions.PasskeyRefused, exceptions.PasskeyTaken)

OPTIONS = {
    "rp": {"id": "shop.example", "name": "Shop"},
    "user": {"id": "dGhlIGhhbmRsZQ", "name": "alice@example.com", "displayName": "alice@example.com"},
    "challenge": "BIy2nIS3jrlW7tSIVcGsb0c1Rg2v4R3hBpW2AZiYTEA",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    "timeout": 300000,
    "excludeCredentials": [],
    "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
    "attestation": "none",
    "extensions": {"credProps": True},
}
CREDENTIAL = {
    "id": "zVkCtyhhW1J7nQ",
    "rawId": "zVkCtyhhW1J7nQ",
    "type": "public-key",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0",
        "attestationObject": "o2NmbXRkbm9uZQ",
        "transports": ["internal", "hybrid"],
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}
PASSKEY = {**APP, "id": "passkey-3", "factor": "passkey", "name": "Google Password Manager", "last_used_at": None}
START: dict[str, Any] = {
    "operation_id": "factors_passkey_start",
    "tags": ["second factors"],
    "summary": "What a browser or app needs to make a passkey",
    "description": "The challenge is good for five minutes, for once, and in this session.",
    "request": None,
    "responses": {201: BegunSerializer, **problems(*WRITING, "mfa.too_many_authenticators")},
    "examples": [example({"creation_options": OPTIONS})],
}
CONFIRM: dict[str, Any] = {
    "operation_id": "factors_passkey_confirm",
    "tags": ["second factors"],
    "summary": "The passkey that was made",
    "request": NewPasskeySerializer,
    "responses": {
        201: MANY,
        **problems(*WRITING, "mfa.passkey_refused", "mfa.passkey_taken", "mfa.too_many_authenticators"),
    },
    "examples": [example({"credential": CREDENTIAL, "name": ""}, asked=True), example(PASSKEY)],
}
