"""Checking an ID token (OpenID Connect Core 1.0 §3.1.3.7). Its signature is always checked, however it came."""

import hashlib
from collections.abc import Collection
from typing import Any

import jwt
from django.utils.crypto import constant_time_compare
from jwt.types import Options

from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider
from ciam_core.federation.relying_party.metadata import signing_keys
from ciam_core.federation.relying_party.refusing import Unproven

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key only the provider has: never ``none``, never one made with a secret both know."""
LEEWAY = 60
"""Seconds two clocks may differ."""
LONGEST = 16 * 1024
LONGEST_SUBJECT = 191
"""What allauth's table holds."""
_REQUIRED: Options = {"require": ["iss", "sub", "aud", "exp", "iat"], "verify_sub": False}


def read_id_token(provider: Provider, token: Any, *, audience: Collection[str], nonce: str) -> dict[str, Any]:
    """The claims of ``token``, if ``provider`` issued it for one of ``audience`` in answer to ``nonce``."""
    if not isinstance(token, str) or len(token) > LONGEST:
        raise Unproven("no_token")
    try:
        claims = _verified(provider, token, audience)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise Unproven(type(error).__name__) from error
    _require_own_audience(claims, audience)
    _require_nonce(claims, nonce)
    return claims


def identity_in(provider: Provider, claims: dict[str, Any]) -> Identity:
    """Who the claims are about: the subject, and an address if there is one."""
    subject, address = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Unproven("subject")
    return Identity(
        provider=provider.id,
        issuer=provider.issuer,
        subject=subject,
        address=address if isinstance(address, str) else "",
        proven=_is_proven(provider, claims),
    )


def _verified(provider: Provider, token: str, audience: Collection[str]) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise Unproven("algorithm")
    key = _key(provider, header.get("kid"), algorithm)
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[algorithm],
        issuer=provider.issuer,
        audience=list(audience),
        leeway=LEEWAY,
        options=_REQUIRED,
    )
    return claims


def _key(provider: Provider, key_id: Any, algorithm: str) -> jwt.PyJWK:
    for newer in (False, True):  # rotated: asked for once more
        fitting = [key for key in signing_keys(provider, newer=newer) if _fits(key, key_id, algorithm)]
        if len(fitting) == 1:
            return jwt.PyJWK.from_dict(fitting[0], algorithm=algorithm)
    raise Unproven("key")


def _fits(key: dict[str, Any], key_id: Any, algorithm: str) -> bool:
    named = key_id is None or key.get("kid") == key_id
    return bool(named and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm)


def _require_own_audience(claims: dict[str, Any], audience: Collection[str]) -> None:
    """Nobody else may hold a token that signs in here (LK11)."""
    held = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if not {*held} <= {*audience} or claims.get("azp", held[0]) not in audience:
        raise Unproven("audience")


def _require_nonce(claims: dict[str, Any], nonce: str) -> None:
    """As it was given, or hashed, which is what apps on Apple's devices send on."""
    given = str(claims.get("nonce", ""))
    hashed = hashlib.sha256(nonce.encode()).hexdigest()
    if not nonce or not (constant_time_compare(given, nonce) or constant_time_compare(given, hashed)):
        raise Unproven("nonce")


def _is_proven(provider: Provider, claims: dict[str, Any]) -> bool:
    verified = claims.get("email_verified")
    if not provider.trust_email or not (verified is True or verified == "true"):  # Apple sends a text
        return False
    domain = str(claims.get("email")).rpartition("@")[2].lower()
    return not provider.authoritative_email or domain in provider.authoritative_email or bool(claims.get("hd"))
