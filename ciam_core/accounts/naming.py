"""What a person, and a place, is called."""

from typing import Any

from ciam_core.accounts.phones.queries import phones_of
from ciam_core.accounts.profile.queries import profile_of
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.settings import conf


def display_name(user: Any) -> str:
    """The name the host's adapter makes of the profile (``CoreAdapter.display_name``); without one, their number."""
    adapter: CoreAdapter = adapter_of(conf)
    return adapter.display_name(user, profile_of(user, reader="customer")) or _number_of(user)


def _number_of(user: Any) -> str:
    row = phones_of(user).first()
    return row.hint if row else ""


def place_of(address: str | None) -> str:
    """Where an IP address is: the host's words (``CoreAdapter.place_of``), else the address itself."""
    adapter: CoreAdapter = adapter_of(conf)
    return (adapter.place_of(address) or address) if address else ""
