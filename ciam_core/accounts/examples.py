"""What the OpenAPI document says of each operation: words, examples, error codes."""

from typing import Any

from ciam_core.accounts.exceptions import (
    AddressKept,
    AddressTaken,
    AddressUnproven,
    AddressYours,
    RecentSignInNeeded,
    StateChanged,
    TooManyAddresses,
)
from ciam_core.accounts.normalising import AddressLookalike, AddressRefused, AddressTooLong
from ciam_core.accounts.phones.exceptions import (
    PhoneCountryRefused,
    PhoneKept,
    PhoneRefused,
    PhoneTaken,
    PhoneUnproven,
    PhoneYours,
    TooManyPhones,
)
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.accounts.serializers import (
    AccountSerializer,
    AddressSerializer,
    AttributeSerializer,
    CodeSerializer,
    DeletionSerializer,
    EmailSerializer,
    PendingSerializer,
)
from ciam_core.kernel.documenting import SIGNED_IN, describe, example, problems
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.proofs import CodeRejected, ProofRejected

WRITING = (*SIGNED_IN, "recent_sign_in_required", "invalid", "malformed", "too_large")
TYPED_ADDRESS = ("address.refused", "address.too_long", "address.lookalike", "too_many_attempts")


_ABOUT_ADDRESSES: tuple[type[CiamError], ...] = (
    AddressRefused,
    AddressTooLong,
    AddressLookalike,
    AddressYours,
    AddressKept,
    AddressUnproven,
    AddressTaken,
    TooManyAddresses,
)
_ABOUT_PHONES: tuple[type[CiamError], ...] = (
    PhoneRefused,
    PhoneCountryRefused,
    PhoneYours,
    PhoneKept,
    PhoneUnproven,
    PhoneTaken,
    TooManyPhones,
)


describe(
    *_ABOUT_ADDRESSES,
    *_ABOUT_PHONES,
    RecentSignInNeeded,
    StateChanged,
    CodeRejected,
    ProofRejected,
    lambda: ProfileRefused({"birth_date": [{"code": "invalid", "message": "Enter a valid date."}]}),
)

ADDRESSES = [
    {"id": 7, "email": "alice@example.com", "verified": True, "primary": True},
    {"id": 9, "email": "alice@example.org", "verified": False, "primary": False},
]
PROFILE = {"full_name": "Alice Example", "birth_date": "1990-04-23"}
PENDING = {"sent_to": "a•••@e•••.org", "expires_at": "2026-11-24T10:15:00Z"}
ANY_OBJECT = {"type": "object", "additionalProperties": True}

ACCOUNT = {"id": "019ab6f0-9a3e-7c41-8f0e-2b1d5c6a7e90", "state": "active", "deletion_grace": "30 00:00:00"}
READ_ACCOUNT: dict[str, Any] = {
    "operation_id": "account_read",
    "tags": ["account"],
    "summary": "Your account",
    "responses": {200: AccountSerializer, **problems(*SIGNED_IN)},
    "examples": [example(ACCOUNT)],
}
DEACTIVATE: dict[str, Any] = {
    "operation_id": "account_deactivate",
    "tags": ["account"],
    "summary": "Take a break",
    "description": (
        "Everybody is signed out, this session too; nothing is lost. The next sign-in answers 401 with the flow "
        "`ciam_come_back` pending, and `POST auth/come-back` there undoes it."
    ),
    "request": None,
    "responses": {204: None, **problems(*SIGNED_IN, "recent_sign_in_required", "account.state_changed")},
}
SCHEDULE_DELETION: dict[str, Any] = {
    "operation_id": "account_schedule_deletion",
    "tags": ["account"],
    "summary": "Have your account erased",
    "description": (
        "Everybody is signed out, this session too. Until `due_at` the mailed link undoes it, or a sign-in: it answers "
        "401 with the flow `ciam_come_back` pending, and `POST auth/come-back` there keeps the account."
    ),
    "request": None,
    "responses": {
        202: DeletionSerializer,
        **problems(*SIGNED_IN, "recent_sign_in_required", "account.state_changed"),
    },
    "examples": [example({"due_at": "2026-12-24T10:15:00Z"})],
}
READ_PROFILE: dict[str, Any] = {
    "operation_id": "profile_read",
    "tags": ["profile"],
    "summary": "Your profile",
    "description": "Every attribute the person may read; null where nothing is known.",
    "responses": {200: ANY_OBJECT, **problems(*SIGNED_IN)},
    "examples": [example(PROFILE)],
}
EDIT_PROFILE: dict[str, Any] = {
    "operation_id": "profile_edit",
    "tags": ["profile"],
    "summary": "Change your profile",
    "description": "Send only what changes; null forgets an attribute. All or nothing.",
    "request": {"application/json": ANY_OBJECT},
    "responses": {200: ANY_OBJECT, **problems(*SIGNED_IN, "profile.refused", "malformed", "too_large")},
    "examples": [example({"full_name": "Alice Example"}, asked=True), example(PROFILE)],
}
READ_PROFILE_SCHEMA: dict[str, Any] = {
    "operation_id": "profile_schema",
    "tags": ["profile"],
    "summary": "What a profile holds",
    "responses": {200: AttributeSerializer(many=True), **problems("not_signed_in")},
}
LIST_ADDRESSES: dict[str, Any] = {
    "operation_id": "addresses_list",
    "tags": ["addresses"],
    "summary": "Your email addresses",
    "description": "The primary one first. An account holds few, so the list comes whole.",
    "responses": {200: AddressSerializer(many=True), **problems(*SIGNED_IN)},
    "examples": [example(ADDRESSES[0])],
}
ADD_ADDRESS: dict[str, Any] = {
    "operation_id": "addresses_add",
    "tags": ["addresses"],
    "summary": "Add an address",
    "description": "Mails it a code and a link. Answers alike when the address belongs to another account.",
    "request": EmailSerializer,
    "responses": {
        202: PendingSerializer,
        **problems(*WRITING, *TYPED_ADDRESS, "address.yours", "address.too_many"),
    },
    "examples": [example({"email": "alice@example.org"}, asked=True), example(PENDING)],
}
REMOVE_ADDRESS: dict[str, Any] = {
    "operation_id": "addresses_remove",
    "tags": ["addresses"],
    "summary": "Remove an address",
    "responses": {204: None, **problems(*SIGNED_IN, "recent_sign_in_required", "not_found", "address.primary")},
}
MAKE_PRIMARY: dict[str, Any] = {
    "operation_id": "addresses_make_primary",
    "tags": ["addresses"],
    "summary": "Send mail to this address from now on",
    "description": "The former primary address is told and can take it back.",
    "request": None,
    "responses": {
        200: AddressSerializer(many=True),
        **problems(*SIGNED_IN, "recent_sign_in_required", "not_found", "address.unverified", "address.taken"),
    },
    "examples": [example(ADDRESSES[0])],
}
RESEND_VERIFICATION: dict[str, Any] = {
    "operation_id": "addresses_send_code",
    "tags": ["addresses"],
    "summary": "Mail a new code to an address that is not confirmed",
    "request": None,
    "responses": {
        202: PendingSerializer,
        **problems(*SIGNED_IN, "recent_sign_in_required", "not_found", "too_many_attempts"),
    },
    "examples": [example(PENDING)],
}
CHANGE_ADDRESS: dict[str, Any] = {
    "operation_id": "addresses_change",
    "tags": ["addresses"],
    "summary": "Replace the primary address",
    "description": "Nothing changes until the code is confirmed. The old address can take it back for 72 hours.",
    "request": EmailSerializer,
    "responses": {202: PendingSerializer, **problems(*WRITING, *TYPED_ADDRESS, "address.yours")},
    "examples": [example({"email": "alice@example.org"}, asked=True), example(PENDING)],
}
CONFIRM_ADDRESS: dict[str, Any] = {
    "operation_id": "addresses_confirm",
    "tags": ["addresses"],
    "summary": "Confirm the address a code was mailed to",
    "description": "In the session that asked for it.",
    "request": CodeSerializer,
    "responses": {
        200: AddressSerializer(many=True),
        **problems(*WRITING, "proof.code_rejected", "proof.rejected", "address.taken"),
    },
    "examples": [example({"code": "482913"}, asked=True), example(ADDRESSES[0])],
}
