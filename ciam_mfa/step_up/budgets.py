"""How often a password may be given again, where Django's own is all there is."""

from datetime import timedelta

from ciam_core.kernel.attempts import Budget
from ciam_mfa.settings import conf


def confirm_password() -> Budget:
    return Budget("mfa.password", conf().CEILING, timedelta(days=30), free=conf().FREE_TRIES)
