"""Secrets that are only recognised, never read: random tokens and codes, and the digests kept of them."""

import hashlib
import hmac
import secrets

from ciam_core.kernel.secrets.ring import Key, secrets_ring


def new_token() -> str:
    """256 random bits, safe in a URL: 43 characters."""
    return secrets.token_urlsafe(32)


def new_code(digits: int = 6) -> str:
    """A random number of exactly ``digits`` digits, leading zeros included."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def token_digest(token: str) -> str:
    """SHA-256 in hex. Only for random secrets of at least 128 bits: anything shorter can be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(value: str, *, context: str) -> str:
    """HMAC-SHA256 in hex, under a key of its own for each ``context``: for codes, addresses and look-up columns.

    It is made with the ring's first key. What outlives a rotation is looked up by ``keyed_digests``, and refreshed
    by ``ciam_reencrypt`` through an entry in ``reencryptions``. Normalise ``value`` first.
    """
    return _digest(secrets_ring().first, value, context)


def keyed_digests(value: str, *, context: str) -> list[str]:
    """The digest under every key of the ring, the newest first: ``filter(digest__in=keyed_digests(…))``."""
    return [_digest(key, value, context) for key in secrets_ring()]


def _digest(key: Key, value: str, context: str) -> str:
    return hmac.new(key.derive(f"index {context}"), value.encode(), hashlib.sha256).hexdigest()
