"""Types that read the same in every project, whatever its user model."""

from django.contrib.auth.base_user import AbstractBaseUser as User
from django.http import HttpRequest

__all__ = ["AuthenticatedRequest", "User"]


class AuthenticatedRequest(HttpRequest):
    """A request behind sign-in: ``user`` is a person."""

    user: User  # type: ignore[assignment]  # narrowed: never anonymous
