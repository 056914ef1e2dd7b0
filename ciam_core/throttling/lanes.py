"""Who is on a device of theirs is counted apart from strangers, so that an attacker's guesses lock no owner out."""

from collections.abc import Callable
from typing import Any

from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry

DeviceTrust = Callable[[str, Origin], Any | None]

device_trust: Registry[DeviceTrust] = Registry("device book")
"""Who has this address (normalised), or the number with this index, if ``origin.device`` is a device of theirs? One
statement that starts from the device, so that it costs a stranger's device the same whether or not there is an account.
It is asked before anything is counted, and only of a request that names a device."""


def owner_on_device(address: str, origin: Origin) -> Any | None:
    """The owner of ``address`` (of a number: its index), if they have signed in on this device before."""
    if origin.device is None:
        return None
    return next((owner for find in device_trust if (owner := find(address, origin)) is not None), None)


def is_known_device(address: str, origin: Origin) -> bool:
    return owner_on_device(address, origin) is not None
