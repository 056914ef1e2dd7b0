"""What a session remembers between two requests: the errand at a provider, and an identity that waits to be linked.

allauth's states are bound to one session and one provider, work once and for ten minutes (LK10).
"""

import time
from dataclasses import asdict
from typing import Any

from allauth.socialaccount.internal import statekit
from django.http import HttpRequest

from ciam_core.federation.exceptions import NothingPending, SignInExpired
from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider
from ciam_core.federation.relying_party.code_flow import Errand
from ciam_core.federation.settings import conf
from ciam_core.kernel.http import session_of
from ciam_core.kernel.secrets import new_token

PENDING = "ciam_federation_pending"
NONCE = "ciam_federation_nonce"


def remember(request: HttpRequest, provider: Provider, errand: Errand, **beside: str) -> None:
    """``beside``: who set out and where to go on, told by ``recall``."""
    state = {"errand": asdict(errand), **beside}
    statekit.stash_state(request, provider_id=provider.id, state=state, state_id=errand.state)


def recall(request: HttpRequest, provider: Provider, state: str) -> tuple[Errand, dict[str, str]]:
    """The errand this session set out on, once. Raises ``SignInExpired``."""
    kept: dict[str, Any] | None = statekit.unstash_state(request, provider_id=provider.id, state_id=state)
    if kept is None:
        raise SignInExpired()
    return Errand(**kept.pop("errand")), kept


def wait_with(request: HttpRequest, identity: Identity, *, next_url: str) -> None:
    """Keep ``identity`` until its person has shown whose account it belongs to."""
    session_of(request)[PENDING] = {"identity": identity.to_json(), "next": next_url, "at": time.time()}


def waiting(request: HttpRequest) -> tuple[Identity, str]:
    """That identity and where to go on afterwards. Raises ``NothingPending``, also once its provider is not ours."""
    kept = session_of(request).get(PENDING)
    if kept is None or time.time() - kept["at"] > conf().PENDING_LIFETIME.total_seconds():
        raise NothingPending()
    identity = Identity(**kept["identity"])
    provider = conf().providers.get(identity.provider)
    if provider is None or provider.issuer != identity.issuer:  # taken out of the settings, or moved (LK12)
        raise NothingPending()
    return identity, kept["next"]


def stop_waiting(request: HttpRequest) -> None:
    session_of(request).pop(PENDING, None)


def new_nonce(request: HttpRequest) -> str:
    """What the next ID token of this app must repeat: one that was made for another occasion does not."""
    nonce = session_of(request)[NONCE] = new_token()
    return nonce


def spend_nonce(request: HttpRequest) -> str:
    return str(session_of(request).pop(NONCE, ""))
