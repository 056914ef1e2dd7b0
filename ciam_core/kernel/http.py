"""What a request tells: where it came from, which session it carries, what it reads, where it may be sent on to."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from ciam_core.kernel.conf import conf
from ciam_core.kernel.origin import Channel, Origin
from ciam_core.kernel.secrets import token_digest

AGENT_LENGTH = 300
DEVICE_HEADER = "X-Device-Token"
_LONGEST_TOKEN = 64


def origin_of(request: HttpRequest) -> Origin:
    """The ``Origin`` every flow is given; the agent is cut to 300 characters."""
    key, device = session_of(request).session_key, device_token_of(request)
    return Origin(
        channel=_channel_of(request),
        address=client_address(request),
        agent=request.headers.get("User-Agent", "")[:AGENT_LENGTH],
        session=token_digest(key) if key else None,
        device=token_digest(device) if device else None,
        language=get_language() or "",
    )


def _channel_of(request: HttpRequest) -> Channel:
    if request.resolver_match is not None and "admin" in request.resolver_match.app_names:
        return Channel.ADMIN
    known: Channel = getattr(request, "ciam_channel", Channel.BROWSER)
    return known


def session_of(request: HttpRequest) -> SessionBase:
    """The session this request speaks in: a browser's cookie or an app's token (``app_session``)."""
    session: SessionBase = request.session
    return session


def device_cookie_name() -> str:
    """``__Host-device`` beside a session cookie that is bound to its host, ``device`` on ``http://localhost``."""
    return "__Host-device" if settings.SESSION_COOKIE_NAME.startswith("__Host-") else "device"


def device_token_of(request: HttpRequest) -> str:
    """What this browser (cookie) or app (``X-Device-Token``) was given when somebody signed in on it; else empty."""
    return sound_token(request.headers.get(DEVICE_HEADER) or request.COOKIES.get(device_cookie_name(), ""))


def sound_token(token: str) -> str:
    """``token`` if it could be one of ours; else empty."""
    return token if token.isascii() and token.isprintable() and len(token) <= _LONGEST_TOKEN else ""


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, taken ``TRUSTED_PROXY_COUNT`` places from the right of ``X-Forwarded-For``.

    None where it cannot be told (a unix socket, a garbled header): never a guess.
    """
    proxies = conf().TRUSTED_PROXY_COUNT
    given = request.META.get("REMOTE_ADDR", "")
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        given = hops[-proxies] if len(hops) >= proxies else ""
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return None


def wants_page(request: HttpRequest) -> bool:
    """Whether a person looks at the answer. ``fetch()`` accepts everything unless told otherwise, and reads JSON."""
    if any((kind.main_type, kind.sub_type) == ("text", "html") for kind in request.accepted_types):
        return True
    by_script = request.content_type == "application/json" or request.headers.get("Sec-Fetch-Dest") == "empty"
    return request.accepts("text/html") and not by_script


def safe_redirect(request: HttpRequest, url: str | None, default: str) -> str:
    """``url`` if it stays on this site, else ``default``. A bare word is no URL: ``redirect`` would look for a view."""
    here = {request.get_host(), urlsplit(conf().PUBLIC_URL).netloc}
    if (
        url
        and url.startswith(("/", "http"))
        and url_has_allowed_host_and_scheme(url, allowed_hosts=here, require_https=request.is_secure())
    ):
        return url
    return default
