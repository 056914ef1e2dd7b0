"""Is an answer of an authenticator what it says? WebAuthn Level 3 §7.1 and §7.2, by the library ``webauthn``.

What that library leaves open stands here: frames, tokens of other sites, weak keys, formats nobody asked for, sizes.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedRSAPublicKey
from webauthn.helpers.structs import CredentialDeviceType

from ciam_mfa.exceptions import PasskeyRefused
from ciam_mfa.passkeys.ceremonies import decoded
from ciam_mfa.passkeys.relying_party import origins, rp_id

logger = logging.getLogger(__name__)

ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""The ones §5.4 recommends. RS256 is what Windows Hello has on older hardware."""
FORMATS = ("none", "packed")
"""No attestation is asked for; a browser passes on self-attestation nevertheless (§5.1.3, ``packed``)."""
TRANSPORTS = ("ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb")
LONGEST_ID = 1023  # bytes, §7.1 step 25
LONGEST = {"clientDataJSON": 4096, "attestationObject": 16384, "authenticatorData": 4096, "signature": 1024}
"""In characters of base64url. A real one of each has a fourth of it."""

Credential = Mapping[str, Any]
"""What the browser or app sent, as ``PublicKeyCredential.toJSON()`` writes it; not to be trusted."""


@dataclass(frozen=True)
class Attested:
    """A new credential. ``backup_eligible``: it can be copied (flag BE); ``backup_state``: it is (flag BS)."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID
    transports: tuple[str, ...]
    discoverable: bool | None
    user_verified: bool
    backup_eligible: bool
    backup_state: bool


@dataclass(frozen=True)
class Asserted:
    """A signature that is right. Whether ``sign_count`` went up is for the caller to judge."""

    sign_count: int
    user_verified: bool
    backup_eligible: bool
    backup_state: bool


def verify_attestation(credential: Credential, *, challenge: bytes, user_presence: bool = True) -> Attested:
    """``user_presence``: whether somebody must have been there, which is so but in a conditional ceremony (§7.1).

    Raises ``PasskeyRefused``.
    """
    with _refusing():
        response = _own_checks(credential, "attestationObject")
        _require_format(decoded(response["attestationObject"]))
        found = verify_registration_response(
            credential=_plain(credential),
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=origins(),
            supported_pub_key_algs=ALGORITHMS,
            require_user_presence=user_presence,
        )
        _require(found.credential_id == decoded(credential["id"]), "the credential's id differs from the attested one")
        _require_sound(found.credential_public_key)
        return Attested(
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            aaguid=UUID(found.aaguid),
            transports=tuple(name for name in TRANSPORTS if name in (response.get("transports") or ())),
            discoverable=_discoverable(credential),
            user_verified=found.user_verified,
            backup_eligible=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backup_state=found.credential_backed_up,
        )


def verify_assertion(
    credential: Credential, *, challenge: bytes, public_key: bytes, user_verification: bool
) -> Asserted:
    """``user_verification``: whether the authenticator must have checked who holds it. Raises ``PasskeyRefused``."""
    with _refusing():
        _own_checks(credential, "authenticatorData", "signature")
        found = verify_authentication_response(
            credential=_plain(credential),
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=origins(),
            credential_public_key=public_key,
            credential_current_sign_count=0,  # ours to judge
            require_user_verification=user_verification,
        )
        return Asserted(
            sign_count=found.new_sign_count,
            user_verified=found.user_verified,
            backup_eligible=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backup_state=found.credential_backed_up,
        )


def id_of(credential: Credential) -> bytes:
    """Which credential says it answers. Raises ``PasskeyRefused``."""
    with _refusing():
        _require(isinstance(credential["id"], str) and len(credential["id"]) <= LONGEST_ID * 4 // 3 + 1, "a long id")
        return decoded(credential["id"])


def challenge_in(credential: Credential) -> str:
    """Which challenge it says it answers, to find what was begun. Raises ``PasskeyRefused``."""
    with _refusing():
        return str(_client_data(credential["response"])["challenge"])


@contextmanager
def _refusing() -> Iterator[None]:
    """Hostile input fails in as many ways as the parsers beneath have: each is a refusal, none a server error."""
    try:
        yield
    except PasskeyRefused:
        raise
    except Exception as error:
        logger.info("A passkey was refused: %a", str(error))  # in one line, whatever it quotes
        raise PasskeyRefused() from error


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _own_checks(credential: Credential, *parts: str) -> Mapping[str, Any]:
    """Sizes, and where the ceremony took place: not in a frame of another site (§7.2 steps 14 and 15)."""
    id_of(credential)
    response: Mapping[str, Any] = credential["response"]
    for part in parts:
        _require_size(response, part)
    client_data = _client_data(response)
    _require(client_data.get("crossOrigin", False) is False, "it was made in a frame of another site")
    _require("topOrigin" not in client_data, "it was made in a frame of another site")
    return response


def _client_data(response: Mapping[str, Any]) -> dict[str, Any]:
    _require_size(response, "clientDataJSON")
    told: dict[str, Any] = json.loads(decoded(response["clientDataJSON"]).decode())
    return told


def _require_size(response: Mapping[str, Any], part: str) -> None:
    _require(isinstance(response[part], str) and len(response[part]) <= LONGEST[part], f"no or too long a {part}")


def _plain(credential: Credential) -> dict[str, Any]:
    """Without what we do not read: a hint such as ``authenticatorAttachment`` must not decide."""
    return {name: credential[name] for name in ("id", "rawId", "type", "response")}


def _require_format(attestation_object: bytes) -> None:
    attested = parse_attestation_object(attestation_object)
    by_itself = attested.fmt == "none" or attested.att_stmt.x5c is None
    _require(attested.fmt in FORMATS and by_itself, f"an attestation of the format {attested.fmt!r}")


def _require_sound(public_key: bytes) -> None:
    """Keys of the size their algorithm is meant for (§5.8.5): no curve but P-256, no RSA that is weak or slow."""
    key = decode_credential_public_key(public_key)
    _require(len(public_key) <= LONGEST_ID, "a long key")
    if isinstance(key, DecodedEC2PublicKey):
        sound = key.crv == COSECRV.P256 and key.alg == COSEAlgorithmIdentifier.ECDSA_SHA_256
        _require(sound and len(key.x) == len(key.y) == 32, "another curve than P-256")
    elif isinstance(key, DecodedRSAPublicKey):
        bits, exponent = int.from_bytes(key.n).bit_length(), int.from_bytes(key.e)
        sound = key.alg == COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256 and exponent == 65537
        _require(sound and 2048 <= bits <= 4096, "an RSA key that is no good")
    decoded_public_key_to_cryptography(key)  # raises for a point that is not on its curve


def _discoverable(credential: Credential) -> bool | None:
    """What the browser says of it (extension ``credProps``, §10.1.3): a hint, never a proof."""
    results = credential.get("clientExtensionResults")
    properties = results.get("credProps") if isinstance(results, dict) else None
    said = properties.get("rk") if isinstance(properties, dict) else None
    return said if isinstance(said, bool) else None
