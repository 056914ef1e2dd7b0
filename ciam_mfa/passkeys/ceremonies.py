"""Challenges: kept in the session, good for five minutes, one purpose and one person, and used up once (MF16)."""

import base64
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ciam_core.kernel.attempts import Budget, TooManyAttempts, reserve
from ciam_mfa.exceptions import PasskeyRefused

LIFETIME = timedelta(minutes=5)
CHALLENGE_BYTES = 32  # WebAuthn §13.4.3: at least 16

_USES = Budget("passkey.challenge", 1, LIFETIME)


class Purpose(StrEnum):
    """What a challenge was made for. An answer to one is none to another."""

    ENROL = "enrol"
    ENROL_AUTOMATICALLY = "enrol_automatically"
    SECOND_FACTOR = "second_factor"
    SIGN_IN = "sign_in"


def new_challenge(purpose: Purpose, subject_id: str = "") -> dict[str, Any]:
    """What the session keeps. ``subject_id`` is empty where it is not known yet who will answer."""
    challenge = encoded(secrets.token_bytes(CHALLENGE_BYTES))
    return {"challenge": challenge, "purpose": purpose.value, "subject": subject_id, "at": time.time()}


def spend_challenge(state: Mapping[str, Any], purpose: Purpose, subject_id: str = "") -> bytes:
    """The challenge in ``state``, which is worth nothing from now on, whatever becomes of the answer.

    It is counted, and committed, before anything is verified: of parallel answers, one goes on. Raises
    ``PasskeyRefused``.
    """
    meant = (state.get("purpose"), state.get("subject")) == (purpose.value, subject_id)
    if not meant or time.time() - state["at"] > LIFETIME.total_seconds():
        raise PasskeyRefused()
    try:
        reserve((_USES, state["challenge"]))
    except TooManyAttempts:
        raise PasskeyRefused() from None
    return decoded(state["challenge"])


def encoded(raw: bytes) -> str:
    """base64url without padding, as WebAuthn's JSON has it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
