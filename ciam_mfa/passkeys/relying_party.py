"""Whom passkeys belong to: the RP ID, and the origins where a ceremony may take place."""

from urllib.parse import urlsplit

from ciam_core.kernel.conf import conf as kernel
from ciam_mfa.settings import conf


def rp_id() -> str:
    """The domain passkeys are bound to (WebAuthn §4). A passkey made for one is worth nothing at another."""
    return conf().RP_ID or urlsplit(kernel().PUBLIC_URL).hostname or ""


def rp_name() -> str:
    return conf().RP_NAME or kernel().product_name


def origins() -> list[str]:
    """Exactly these, compared as texts (§13.4.9)."""
    return list(conf().ORIGINS) or [_origin_of(kernel().PUBLIC_URL)]


def related_origins() -> list[str]:
    """The web origins a browser may use this RP ID from (§5.11.1); an app's is none."""
    return [origin for origin in origins() if urlsplit(origin).scheme == "https"]


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
