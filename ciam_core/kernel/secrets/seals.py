"""Sealing: AES-256-GCM (NIST SP 800-38D), random 96-bit nonce, the context as associated data.

A sealed value reads ``v1:<key id>:<base64url of nonce, ciphertext and tag>``. The context names the place it belongs
to, so that a value copied into another column does not open there.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ciam_core.kernel.secrets.ring import Key, Ring, secrets_ring

_VERSION = "v1"
_NONCE_BYTES = 12


class SecretUnreadable(RuntimeError):
    """A sealed value cannot be opened: its key is gone, or it was changed, moved, or never sealed.

    It is a fault of operations, or a person's erasure, never of what somebody entered, and so no ``CiamError``.
    Neither its text nor its cause holds any part of the value.
    """

    def __init__(self, context: str, reason: str) -> None:
        self.context = context
        super().__init__(f"{context} cannot be opened: {reason}.")


def seal(plain: bytes, *, context: str) -> str:
    """``plain``, readable only by ``unseal`` with the same ``context``. ASCII, 4/3 of its length and some 45 more."""
    return seal_with(secrets_ring(), plain, context)


def unseal(sealed: str, *, context: str) -> bytes:
    """What was sealed, whichever key of the ring sealed it, or ``SecretUnreadable``."""
    return unseal_with(secrets_ring(), sealed, context)


def seal_with(ring: Ring, plain: bytes, context: str) -> str:
    return sealed_prefix(ring) + encrypt(_sealing_key(ring, ring.first), plain, context)


def unseal_with(ring: Ring, sealed: str, context: str) -> bytes:
    version, _, rest = sealed.partition(":")
    key_id, separator, body = rest.partition(":")
    if version != _VERSION or not separator:
        raise SecretUnreadable(context, "it is not a sealed value")
    key = ring.find(key_id)
    if key is None:
        raise SecretUnreadable(context, "its key is not in the ring")
    return decrypt(_sealing_key(ring, key), body, context)


def sealed_prefix(ring: Ring) -> str:
    """How every value begins that the first key sealed."""
    return f"{_VERSION}:{ring.first.id}:"


def encrypt(key: bytes, plain: bytes, context: str) -> str:
    if not context:
        raise ValueError("A context is needed: it ties a sealed value to its place.")
    nonce = os.urandom(_NONCE_BYTES)
    return _encoded(nonce + AESGCM(key).encrypt(nonce, plain, context.encode()))


def decrypt(key: bytes, body: str, context: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        if _encoded(raw) != body:  # one value, one spelling: the decoder skips what it does not know
            raise ValueError
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
    except (InvalidTag, binascii.Error, ValueError):
        raise SecretUnreadable(context, "it was changed, moved or sealed with another key") from None


def _sealing_key(ring: Ring, key: Key) -> bytes:
    return key.derive(f"{ring.name} seal")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
