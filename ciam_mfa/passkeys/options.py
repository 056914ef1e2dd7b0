"""What a browser or app is asked to do: the JSON of WebAuthn §5.1 (``parseCreationOptionsFromJSON`` and its sister)."""

from collections.abc import Iterable
from typing import Any

from ciam_core.kernel.typing import User
from ciam_mfa.passkeys.ceremonies import LIFETIME, encoded
from ciam_mfa.passkeys.models import Passkey, UserHandle
from ciam_mfa.passkeys.relying_party import rp_id, rp_name
from ciam_mfa.passkeys.verifier import ALGORITHMS

_TIMEOUT = int(LIFETIME.total_seconds() * 1000)


def creation_options(
    user: User, handle: UserHandle, held: Iterable[Passkey], *, challenge: str, resident_key: str = "preferred"
) -> dict[str, Any]:
    """Make a passkey, but not where one of ``held`` is already. One that can be found by itself, if there is room."""
    name = _name_of(user)
    return {
        "rp": {"id": rp_id(), "name": rp_name()},
        "user": {"id": handle.handle, "name": name, "displayName": name},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": int(algorithm)} for algorithm in ALGORITHMS],
        "timeout": _TIMEOUT,
        "excludeCredentials": descriptors(held),
        "authenticatorSelection": {"residentKey": resident_key, "userVerification": "preferred"},
        "attestation": "none",
        "extensions": {"credProps": True},
    }


def request_options(allowed: Iterable[Passkey], *, challenge: str, user_verification: str) -> dict[str, Any]:
    """Sign with one of ``allowed``; where there are none, with any that the authenticator has for us."""
    return {
        "challenge": challenge,
        "timeout": _TIMEOUT,
        "rpId": rp_id(),
        "allowCredentials": descriptors(allowed),
        "userVerification": user_verification,
    }


def descriptors(passkeys: Iterable[Passkey]) -> list[dict[str, Any]]:
    return [
        {"type": "public-key", "id": encoded(bytes(own.credential_id)), "transports": own.transports}
        for own in passkeys
    ]


def _name_of(user: User) -> str:
    """What the list of the authenticator shows."""
    person: Any = user
    address = getattr(person, person.get_email_field_name(), None)
    return str(address or person.get_username())
