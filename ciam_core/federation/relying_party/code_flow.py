"""The authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1)."""

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from ciam_core.federation.exceptions import ProviderUnavailable
from ciam_core.federation.identity import Identity
from ciam_core.federation.presets import Provider, is_safe
from ciam_core.federation.relying_party.metadata import metadata_of
from ciam_core.federation.relying_party.outward import call
from ciam_core.federation.relying_party.refusing import Unproven
from ciam_core.federation.relying_party.tokens import identity_in, read_id_token
from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.secrets import new_token


@dataclass(frozen=True)
class Errand:
    """What this browser alone knows of one way there and back: kept in its session until the answer comes."""

    state: str = field(default_factory=new_token, repr=False)
    nonce: str = field(default_factory=new_token, repr=False)
    verifier: str = field(default_factory=new_token, repr=False)


def authorization_url(provider: Provider, errand: Errand) -> str:
    """Where the person is sent. Raises ``ProviderUnavailable``."""
    endpoint = metadata_of(provider).get("authorization_endpoint")
    if not is_safe(endpoint):
        raise ProviderUnavailable()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback_url(provider),
        "scope": " ".join(provider.scope),
        "state": errand.state,
        "nonce": errand.nonce,
        "code_challenge": _challenge(errand.verifier),
        "code_challenge_method": "S256",
        **({"response_mode": "form_post"} if provider.form_post else {}),
    }
    return f"{endpoint}{'&' if urlsplit(str(endpoint)).query else '?'}{urlencode(query)}"


@sensitive_variables()
def identify(provider: Provider, errand: Errand, answer: Mapping[str, str]) -> Identity:
    """Who the answer is about. Raises ``ProviderRejected`` or ``ProviderUnavailable``; opens no transaction."""
    metadata = metadata_of(provider)
    _require_issuer(provider, metadata, answer.get("iss"))
    tokens = _exchange(provider, metadata, code=answer.get("code", ""), verifier=errand.verifier)
    claims = read_id_token(provider, tokens.get("id_token"), audience=[provider.client_id], nonce=errand.nonce)
    return identity_in(provider, _with_address(metadata, claims, tokens))


def callback_url(provider: Provider) -> str:
    """What is registered at the provider. From ``PUBLIC_URL``: a request's ``Host`` says nothing."""
    return kernel().absolute(reverse("ciam_federation_callback", args=[provider.id]))


def _require_issuer(provider: Provider, metadata: dict[str, Any], given: str | None) -> None:
    """RFC 9207 §2.4: an answer of another provider than the one that was asked (mix-up)."""
    told = metadata.get("authorization_response_iss_parameter_supported") is True
    if (given is None and told) or (given is not None and given != provider.issuer):
        raise Unproven("issuer")


@sensitive_variables()
def _exchange(provider: Provider, metadata: dict[str, Any], *, code: str, verifier: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback_url(provider),
        "code_verifier": verifier,
    }
    secret = provider.client_secret or _signed_secret(provider)
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if provider.private_key or "client_secret_basic" not in methods:
        form |= {"client_id": provider.client_id, "client_secret": secret}
        return call("POST", metadata.get("token_endpoint"), data=form)
    basic = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"  # RFC 6749 §2.3.1
    headers = {"Authorization": f"Basic {base64.b64encode(basic.encode()).decode()}"}
    return call("POST", metadata.get("token_endpoint"), data=form, headers=headers)


def _signed_secret(provider: Provider) -> str:
    """Apple's secret is a token we sign: https://developer.apple.com/documentation/accountorganizationaldatasharing"""
    now = int(time.time())
    claims = {
        "iss": provider.team_id,
        "iat": now,
        "exp": now + 300,
        "aud": provider.issuer,
        "sub": provider.client_id,
    }
    return jwt.encode(claims, provider.private_key, algorithm="ES256", headers={"kid": provider.key_id})


def _with_address(metadata: dict[str, Any], claims: dict[str, Any], tokens: dict[str, Any]) -> dict[str, Any]:
    """Some tell the address at the userinfo endpoint only (OpenID Connect Core 1.0 §5.4), of the same person."""
    endpoint, token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
    if "email" in claims or not endpoint or not isinstance(token, str):
        return claims
    told = call("GET", endpoint, headers={"Authorization": f"Bearer {token}"})
    if told.get("sub") != claims["sub"]:  # §5.3.2
        raise Unproven("userinfo")
    return {**claims, **{key: told[key] for key in ("email", "email_verified") if key in told}}


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
