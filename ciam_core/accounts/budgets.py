"""How often each thing may be tried. Counted before it is evaluated, whether or not there is an account."""

import ipaddress
from datetime import timedelta

from ciam_core.kernel.attempts import Budget
from ciam_core.kernel.origin import Origin
from ciam_core.messages.budgets import reserve_mail_budget

SIGN_IN_PER_ACCOUNT = Budget("sign_in.account", 10, timedelta(minutes=15))
SIGN_IN_PER_NETWORK = Budget("sign_in.network", 200, timedelta(minutes=15), shared=True)
SIGN_UP_PER_NETWORK = Budget("sign_up.network", 60, timedelta(hours=1), shared=True)
CONFIRM_PASSWORD = Budget("password.confirm", 10, timedelta(minutes=15))
CODE_PER_ADDRESS = Budget("code.address", 30, timedelta(days=1))
CODE_PER_NETWORK = Budget("code.network", 200, timedelta(hours=1), shared=True)


def reserve_mail(address: str, origin: Origin) -> None:
    """Count a mail to ``address`` before it is written (``TooManyAttempts``)."""
    reserve_mail_budget(address, network=network_of(origin), origin=origin)


def reserve_sign_up(address: str, origin: Origin) -> None:
    """Count a sign-up and its mail (``TooManyAttempts``)."""
    network = network_of(origin)
    reserve_mail_budget(address, (SIGN_UP_PER_NETWORK, network), network=network, origin=origin)


def network_of(origin: Origin) -> str:
    """What counts as one source: an IPv4 address, an IPv6 /64; everything without an address is one source."""
    if origin.address is None:
        return "unknown"
    address = ipaddress.ip_address(origin.address)
    if address.version == 6 and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False))
