from typing import Any

from django.urls import reverse

from ciam_core.adapters import CoreAdapter


class ShopAdapter(CoreAdapter):
    """How this shop answers what only it can."""

    def display_name(self, user: Any, profile: dict[str, Any]) -> str:
        """The first name is enough for a greeting."""
        given = str(profile.get("full_name") or "").split()
        return given[0] if given else super().display_name(user, profile)

    def home_url(self, user: Any) -> str:
        """Staff sign in to work, customers to shop."""
        return reverse("admin:index") if user.is_staff else reverse("shop_home")
