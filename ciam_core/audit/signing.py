"""Ed25519 keys (RFC 8032) of checkpoints: one signs, all that are trusted verify."""

import base64
from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ciam_core.kernel.secrets.ring import secrets_ring
from ciam_core.settings import conf

_USE = "audit checkpoints"


def sign(content: bytes) -> tuple[str, str]:
    """Public key and signature of ``content``, both in hex."""
    key = _signing_key()
    return _public(key), key.sign(content).hex()


def is_signed(content: bytes, *, public_key: str, signature: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key() -> str:
    """Of the key that signs now, in hex: to be published."""
    return _public(_signing_key())


def trusted_keys() -> set[str]:
    """``AUDIT_PUBLIC_KEYS``, and those whose private half is here. To stand in a checkpoint makes none trusted."""
    return {*conf().AUDIT_PUBLIC_KEYS, *map(_public, _own_keys())}


def _signing_key() -> Ed25519PrivateKey:
    return next(_own_keys())


def _own_keys() -> Iterator[Ed25519PrivateKey]:
    if conf().AUDIT_SIGNING_KEY:
        yield Ed25519PrivateKey.from_private_bytes(base64.b64decode(conf().AUDIT_SIGNING_KEY, validate=True))
        return
    for key in secrets_ring():
        yield Ed25519PrivateKey.from_private_bytes(key.derive(_USE))


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
