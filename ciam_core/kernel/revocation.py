"""Ending what a person, or whoever took their place, can still do: every session, token, code and trusted browser."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime

from django.db import transaction

from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User

Revoker = Callable[[User, str], None]

revokers: Registry[Revoker] = Registry("revoker")
"""Who ends access. An app that mints access adds one in ``AppConfig.ready()``; it is called with person and reason."""

spared_purposes: Registry[str] = Registry("spared purpose")
"""Names of proofs that ``end_all_access`` leaves alone, because they only take a change back: a thief who changes the
address and then the password must not kill the owner's undo link. Whatever ends an account voids these itself."""

added_ways_in: Registry[Callable[[User, datetime], list[str]]] = Registry("added way in")
"""What opens an account only since a moment, as its person knows it: an address or a number masked, the name of a
provider. Whoever recovers the account is told, because a thief may have added it."""


_spared: ContextVar[Origin | None] = ContextVar("ciam_spared", default=None)


def spared() -> Origin | None:
    """For revokers: where the person is who asked for the end of all *other* access; its session and device stay."""
    return _spared.get()


def end_all_access(user: User, *, reason: str, spare: Origin | None = None) -> None:
    """Run every revoker in the transaction of the change that asks for it (``RuntimeError`` outside one).

    ``reason`` is a code for events, such as ``"suspended"``. One revoker that fails undoes the whole change: access
    that could not be ended must not look ended. ``spare``: where the owner is who changes the password, and stays.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Access must be ended inside the transaction of the change that ends it.")
    token = _spared.set(spare)
    try:
        for revoke in revokers:
            revoke(user, reason)
    finally:
        _spared.reset(token)
