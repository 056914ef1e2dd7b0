"""Questions only the host can answer."""

from typing import Any

from ciam_core.kernel.origin import Origin


class CoreAdapter:
    """Override the ones your product answers otherwise, and name your class in ``CIAM_CORE["ADAPTER"]``."""

    def may_sign_up(self, address: str, *, origin: Origin) -> bool:
        """May somebody register with ``address``? (invitation only, allowed domains)

        A number in E.164 where they sign up with one (``PHONES``).
        """
        return True

    def may_sign_in(self, user: Any, *, origin: Origin) -> bool:
        """May ``user``, who has proven who they are, come in now? (a shop that closes, a banned region)"""
        return True

    def display_name(self, user: Any, profile: dict[str, Any]) -> str:
        """What ``user`` is called on the pages; ``profile`` holds the declared attributes customers may read."""
        return str(profile.get("full_name") or user.email or "")

    def home_url(self, user: Any) -> str:
        """Where a person lands after signing in when nothing else was asked for. Empty: their account."""
        return ""

    def place_of(self, address: str) -> str:
        """Where the IP address ``address`` is, in words: "near Lyon". Empty: not told."""
        return ""
