from ciam_core.kernel.typing import User


class ReplaceBreachedPassword:
    """Open while the password a person signs in with is known from a breach."""

    name = "replace_password"
    url_name = "ciam_change_password"

    def is_open(self, user: User) -> bool:
        return getattr(user, "password_breached_at", None) is not None
