"""The kernel's own settings: ``CIAM_KERNEL``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ciam_core.kernel.settings import Conf


@dataclass(frozen=True)
class KernelSettings:
    """What a host may write in ``CIAM_KERNEL``. A field is a setting; its default is the default."""

    PUBLIC_URL: str = "http://localhost:8000"
    """Where people reach the product. Every link in a mail starts with it; a request's ``Host`` never does."""
    PRODUCT_NAME: str = ""
    """The name customers know. Empty: the host name of ``PUBLIC_URL``."""
    SUPPORT_URL: str = ""
    """Shown as "Help" on the pages where a customer may be stuck. Empty: not shown."""
    PRIVACY_URL: str = ""
    """Shown as "Privacy" at the foot of the pages outside. Empty: not shown."""
    KEYS: dict[str, str] = field(default_factory=dict, repr=False)
    """Key ring for secrets: id (1–32 letters, digits, ``.``, ``_``, ``-``) → 32 bytes in base64; the first seals.
    The value ``"SECRET_KEY"`` stands for a key derived from it, which is also what an empty ring uses."""
    PERSON_KEYS: dict[str, str] = field(default_factory=dict, repr=False)
    """Wrapping keys of the personal data keys, written as ``KEYS``; the id is the epoch."""
    PERSON_KEYS_DATABASE: str = "default"
    """Alias of the database that holds the personal data keys. Keep it out of ordinary dumps."""
    TRUSTED_PROXY_COUNT: int = 0
    """How many proxies of yours add to ``X-Forwarded-For``. 0: the header is ignored."""

    def contradictions(self) -> Iterator[str]:
        parts = urlsplit(self.PUBLIC_URL)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            yield "PUBLIC_URL must be a scheme and a host, such as 'https://shop.example'."
        if self.TRUSTED_PROXY_COUNT < 0:
            yield "TRUSTED_PROXY_COUNT cannot be negative."

    @property
    def product_name(self) -> str:
        return self.PRODUCT_NAME or urlsplit(self.PUBLIC_URL).hostname or ""

    def absolute(self, path: str) -> str:
        """``path`` as a link that works from a mail."""
        return self.PUBLIC_URL.rstrip("/") + path


conf = Conf("CIAM_KERNEL", KernelSettings, label="ciam_kernel")
