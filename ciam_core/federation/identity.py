"""Who somebody is at a provider."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Known by ``issuer`` and ``subject`` alone, never by the address (OpenID Connect Core 1.0 §5.7).

    ``proven``: a provider that is trusted for it says that ``address`` is theirs.
    """

    provider: str
    issuer: str
    subject: str = field(repr=False)
    address: str = field(default="", repr=False)
    proven: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
