"""What a provider says of itself, kept in this process: a cache that others can write to must not hold its keys."""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from ciam_core.federation.exceptions import ProviderRejected, ProviderUnavailable
from ciam_core.federation.presets import Provider
from ciam_core.federation.relying_party.outward import call
from ciam_core.federation.settings import conf

DISCOVERY = "/.well-known/openid-configuration"
ASK_AGAIN = 30.0
"""Seconds between two questions for the same document, whatever tokens come in meanwhile (F20)."""
REST = 5.0
"""Seconds in which nobody waits for a provider that has just not answered."""


@dataclass
class _Kept:
    document: dict[str, Any] | None = None
    read_at: float = 0.0
    asked_at: float = float("-inf")
    failed_at: float = float("-inf")


_kept: dict[str, _Kept] = {}
_lock = Lock()


def metadata_of(provider: Provider) -> dict[str, Any]:
    """Its discovery document (OpenID Connect Discovery 1.0 §4); it must be that of the issuer it was asked for."""
    document = dict(provider.metadata) or _document(provider.issuer.rstrip("/") + DISCOVERY)
    if document.get("issuer") != provider.issuer:
        raise ProviderUnavailable()
    return document


def signing_keys(provider: Provider, *, newer: bool = False) -> list[dict[str, Any]]:
    """Its published keys. ``newer``: asked for again, because a token names one that is not among them."""
    keys = _document(metadata_of(provider).get("jwks_uri"), newer=newer).get("keys")
    if not isinstance(keys, list):
        raise ProviderUnavailable()
    return [key for key in keys if isinstance(key, dict)]


def forget() -> None:
    """Ask everybody anew."""
    with _lock:
        _kept.clear()


def _document(url: Any, *, newer: bool = False) -> dict[str, Any]:
    with _lock:
        kept = _kept.setdefault(str(url), _Kept())
        now = time.monotonic()
        if kept.document is None and now - kept.failed_at < REST:
            raise ProviderUnavailable()
        fresh = kept.document is not None and now - kept.read_at < conf().KEYS_LIFETIME.total_seconds()
        due = now - kept.asked_at >= ASK_AGAIN
        ask = due and (newer or not fresh)
        if ask:
            kept.asked_at = now
    if ask or kept.document is None:
        _refresh(kept, url)
    if kept.document is None or time.monotonic() - kept.read_at > conf().KEYS_MAX_STALE.total_seconds():
        raise ProviderUnavailable()
    return kept.document


def _refresh(kept: _Kept, url: Any) -> None:
    try:
        document = call("GET", url)
    except (ProviderUnavailable, ProviderRejected) as refusal:
        kept.failed_at = time.monotonic()
        if kept.document is None:
            raise ProviderUnavailable() from refusal
    else:
        kept.document, kept.read_at = document, time.monotonic()
