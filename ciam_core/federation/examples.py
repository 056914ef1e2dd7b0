"""What the OpenAPI document says of each operation: words, examples, error codes."""

from typing import Any

from ciam_core.building.api import SIGNED_IN, describe, example, problems
from ciam_core.federation.exceptions import IdentityTaken, LastWayIn, NothingPending
from ciam_core.federation.serializers import LinkedAccountSerializer

describe(IdentityTaken, LastWayIn, NothingPending)

LINKED = {
    "id": 3,
    "provider": "google",
    "name": "Google",
    "address": "a•••@e•••.org",
    "linked_at": "2026-11-24T10:15:00Z",
    "last_used_at": "2026-11-25T08:00:00Z",
}

LIST_LINKED: dict[str, Any] = {
    "operation_id": "linked_accounts_list",
    "tags": ["linked accounts"],
    "summary": "The accounts elsewhere that sign in here",
    "description": "An account holds few, so the list comes whole.",
    "responses": {200: LinkedAccountSerializer(many=True), **problems(*SIGNED_IN)},
    "examples": [example(LINKED)],
}
LINK_PENDING: dict[str, Any] = {
    "operation_id": "linked_accounts_link",
    "tags": ["linked accounts"],
    "summary": "Link the account this session has just shown",
    "description": "After auth/provider/token or auth/provider/redirect found that the address has an account.",
    "request": None,
    "responses": {
        201: LinkedAccountSerializer,
        **problems(*SIGNED_IN, "recent_sign_in_required", "identity.none_pending", "identity.taken"),
    },
    "examples": [example(LINKED)],
}
UNLINK: dict[str, Any] = {
    "operation_id": "linked_accounts_unlink",
    "tags": ["linked accounts"],
    "summary": "Unlink an account",
    "responses": {
        204: None,
        **problems(*SIGNED_IN, "recent_sign_in_required", "not_found", "identity.last_way_in"),
    },
}
