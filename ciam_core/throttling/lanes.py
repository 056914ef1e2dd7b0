"""Who is on a device of theirs is counted apart from strangers, so that an attacker's guesses lock no owner out."""

from collections.abc import Callable

from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry

DeviceTrust = Callable[[str, Origin], bool]

device_trust: Registry[DeviceTrust] = Registry("device book")
"""Does ``origin.device`` belong to whoever has this address (normalised), or the number with this index? One statement
that starts from the device, so that it costs a stranger's device the same whether or not there is an account. It is
asked before anything is counted, and only of a request that names a device."""


def is_known_device(address: str, origin: Origin) -> bool:
    """Whether the owner of ``address`` (of a number: its index) has signed in on this device before."""
    return origin.device is not None and any(knows(address, origin) for knows in device_trust)
