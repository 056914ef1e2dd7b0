"""Whose second factors are about to go."""

from ciam_core.kernel.typing import User
from ciam_mfa.resets.models import FactorReset


def reset_of(user: User) -> FactorReset | None:
    """The reset that is planned for ``user``."""
    return FactorReset.objects.filter(user_id=user.pk).first()
