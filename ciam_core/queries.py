"""Questions a host asks about people."""

from ciam_core.accounts.naming import display_name
from ciam_core.accounts.phones.queries import owner_of_phone, phones_of
from ciam_core.accounts.profile.queries import missing_attributes, people_with, profile_of, require_attributes
from ciam_core.accounts.queries import (
    addresses_of,
    deletion_due,
    has_proven_address,
    has_proven_contact,
    owner_of,
    person,
)
from ciam_core.sessions.queries import devices_of, knows_device, live_sessions_of

__all__ = [
    "addresses_of",
    "deletion_due",
    "devices_of",
    "display_name",
    "has_proven_address",
    "has_proven_contact",
    "knows_device",
    "live_sessions_of",
    "missing_attributes",
    "owner_of",
    "owner_of_phone",
    "people_with",
    "person",
    "phones_of",
    "profile_of",
    "require_attributes",
]
