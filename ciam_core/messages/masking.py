"""Addresses as they may be shown: enough for their owner to know them, too little for anyone else to write to."""


def mask_address(address: str) -> str:
    """``alice.smith@example.org`` as ``a•••••@e•••.org``. The number of dots tells nothing."""
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return "•••••"
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••••@{(name or ending)[:1]}•••{dot and '.' + ending}"
