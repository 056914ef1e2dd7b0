"""Whom staff may act on."""

from typing import Any

from ciam_admin.exceptions import AboveYou, OwnAccount


def require_above(actor: Any, user: Any, *, superusers_only: bool = False) -> None:
    """Nobody acts on themselves, and nobody but a superuser on a superuser (``OwnAccount``, ``AboveYou``)."""
    if actor.pk == user.pk:
        raise OwnAccount()
    if (user.is_superuser or superusers_only) and not actor.is_superuser:
        raise AboveYou()
