"""What happens with an identity a provider has just shown, whichever door it came through."""

from collections.abc import Callable, Mapping

from ciam_core.building.flows import reserve_identity
from ciam_core.federation.events import IdentityRefused
from ciam_core.federation.exceptions import ProviderDenied, ProviderRejected, ProviderUnavailable, ProviderUnknown
from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider
from ciam_core.federation.relying_party.code_flow import Errand, identify
from ciam_core.federation.relying_party.refusing import Unproven
from ciam_core.federation.relying_party.tokens import identity_in, read_id_token
from ciam_core.federation.settings import conf
from ciam_core.kernel.flow import remember
from ciam_core.kernel.origin import Origin


def provider_called(provider_id: str) -> Provider:
    """Raises ``ProviderUnknown``, also for one that was taken out of the settings (LK12)."""
    provider = conf().providers.get(provider_id)
    if provider is None:
        raise ProviderUnknown()
    return provider


def identity_by_code(provider: Provider, errand: Errand, answer: Mapping[str, str], *, origin: Origin) -> Identity:
    """Who came back from the page of ``provider`` with ``answer``."""
    if "error" in answer:
        raise _told(answer["error"])
    return _counted(provider, lambda: identify(provider, errand, answer), origin=origin)


def identity_by_token(provider: Provider, token: object, *, nonce: str, origin: Origin) -> Identity:
    """Whose ID token an app has been given by ``provider`` on its device."""
    audience = {provider.client_id, *provider.app_client_ids}

    def read() -> Identity:
        return identity_in(provider, read_id_token(provider, token, audience=audience, nonce=nonce))

    return _counted(provider, read, origin=origin)


def _told(error: str) -> Exception:
    """RFC 6749 §4.1.2.1; what else a provider says may be anybody's words."""
    if error in ("access_denied", "user_cancelled_authorize", "user_cancelled_login"):
        return ProviderDenied()
    return ProviderUnavailable() if error in ("server_error", "temporarily_unavailable") else ProviderRejected()


def _counted(provider: Provider, look: Callable[[], Identity], *, origin: Origin) -> Identity:
    attempt = reserve_identity(origin=origin)
    try:
        identity = look()
    except ProviderRejected as refusal:
        reason = refusal.reason if isinstance(refusal, Unproven) else "rejected"
        refusal.record = IdentityRefused(subject_id=None, provider=provider.id, reason=reason, origin=origin)
        remember(refusal)
        raise
    attempt.succeed()
    return identity
