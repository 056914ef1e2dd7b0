"""What one provider is: those everybody knows, and any other OpenID Connect issuer. Data, so that settings read it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One entry of ``CIAM_FEDERATION["PROVIDERS"]``; ``id`` is its key, and stands in every identity of its people.

    ``trust_email``: its word that an address is somebody's opens an account. ``authoritative_email``: only for these
    domains, or where the token names the organization (``hd``). ``app_client_ids``: of your apps, whose ID tokens count
    too. ``metadata`` stands in for a discovery document the issuer does not publish.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: tuple[str, ...] = ("openid", "email")
    trust_email: bool = False
    authoritative_email: tuple[str, ...] = ()
    app_client_ids: tuple[str, ...] = ()
    form_post: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    mark: str = "other"
    team_id: str = ""
    key_id: str = ""
    private_key: str = field(default="", repr=False)

    @classmethod
    def of(cls, provider_id: str, declaration: dict[str, Any]) -> "Provider":
        """Read one entry; the id of a preset brings what everybody knows of it."""
        given = {**PRESETS.get(provider_id, {}), **declaration}
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        return cls(id=provider_id, **given)


PRESETS: dict[str, dict[str, Any]] = {
    "google": {
        "name": "Google",
        "issuer": "https://accounts.google.com",
        "trust_email": True,
        # Of other addresses Google only knows that they once were this person's.
        # https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
        "authoritative_email": ("gmail.com",),
        "mark": "google",
    },
    "apple": {
        "name": "Apple",
        "issuer": "https://appleid.apple.com",
        "trust_email": True,
        "form_post": True,  # Apple's condition for telling the address
        "mark": "apple",
    },
    "facebook": {
        "name": "Facebook",
        "issuer": "https://www.facebook.com",
        # https://developers.facebook.com/documentation/facebook-login/guides/advanced/oidc-token
        "metadata": {
            "issuer": "https://www.facebook.com",
            "authorization_endpoint": "https://www.facebook.com/dialog/oauth",
            "token_endpoint": "https://graph.facebook.com/oauth/access_token",
            "jwks_uri": "https://www.facebook.com/.well-known/oauth/openid/jwks/",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        "mark": "facebook",
    },
}

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEYS = {own.name for own in fields(Provider)} - {"id"}
_NEEDED = ("name", "issuer", "client_id")
_APPLE = ("team_id", "key_id", "private_key")


def problems_in(providers: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with the declared providers, one sentence each. No sentence holds a value: it may be a secret."""
    for provider_id, declaration in providers.items():
        where = f"PROVIDERS[{provider_id!r}]"
        if not isinstance(provider_id, str) or not _ID.fullmatch(provider_id):
            yield f"{where}: an id is up to 40 small letters, digits and dashes."
        elif not isinstance(declaration, dict):
            yield f"{where} must be a dict."
        else:
            yield from (f"{where} {problem}" for problem in _problems(provider_id, declaration))


def _problems(provider_id: str, declaration: dict[Any, Any]) -> Iterator[str]:
    if strangers := declaration.keys() - _KEYS:
        yield f"has no {', '.join(sorted(map(repr, strangers)))}. Known: {', '.join(sorted(_KEYS))}."
        return
    given = {**PRESETS.get(provider_id, {}), **declaration}
    lacking = [key for key in _NEEDED if not given.get(key)]
    signing = [key for key in _APPLE if given.get(key)]
    if not given.get("client_secret") and not signing:
        lacking.append("client_secret")
    if signing:
        lacking += [key for key in _APPLE if key not in signing]
    if lacking:
        yield f"lacks {', '.join(map(repr, lacking))}."
    elif "openid" not in given.get("scope", ("openid",)):
        yield "needs 'openid' in its scope: without it there is no ID token."
    elif not is_safe(given["issuer"]):
        yield "needs an issuer that begins with https:// (http:// on this machine only)."


def is_safe(url: Any) -> bool:
    """Whether what ``url`` answers can be believed: https, or a server on this machine."""
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return bool(parts.hostname) and (parts.scheme == "https" or is_loopback(url))


def is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK
