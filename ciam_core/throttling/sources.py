"""What is counted of where a try comes from, and of the password it brings."""

import ipaddress

from django.utils import timezone

from ciam_core.kernel.origin import Origin
from ciam_core.kernel.secrets import keyed_digest
from ciam_core.passwords.text import canonical, is_too_long

UNKNOWN = "unknown"
"""Everything without an address is one source: a proxy set up wrongly opens nothing."""

_FINGERPRINT = 5  # hex digits: 20 bits


def source_of(origin: Origin) -> str:
    """One connection: an IPv4 address, an IPv6 /64."""
    return _network(origin, 32, 64)


def network_of(origin: Origin) -> str:
    """One provider's neighbourhood: an IPv4 /24, an IPv6 /48."""
    return _network(origin, 24, 48)


def network_digest(origin: Origin) -> str:
    """``network_of`` for events: equal for equal networks, readable for nobody."""
    return keyed_digest(network_of(origin), context="ciam_core.throttling.network")[:16]


def fingerprint_of(password: str) -> str:
    """20 bits of a keyed digest that changes every day: one password on many accounts is seen, and none is told.

    A million buckets are too few to recognise a password by, and the counted row names no account. Empty for a
    password that is too long to be evaluated.
    """
    if is_too_long(password):
        return ""
    text = canonical(password).encode(errors="backslashreplace").decode()
    dated = f"{timezone.now().date()}:{text}"
    return keyed_digest(dated, context="ciam_core.throttling.password")[:_FINGERPRINT]


def _network(origin: Origin, version_4: int, version_6: int) -> str:
    if origin.address is None:
        return UNKNOWN
    address = ipaddress.ip_address(origin.address)
    address = getattr(address, "ipv4_mapped", None) or address
    prefix = version_6 if address.version == 6 else version_4
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
