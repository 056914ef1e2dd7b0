"""Every change of state ``ciam_mfa`` offers. Who asks for one has shown who they are; a flow does not ask again."""

from ciam_mfa.factors.flows import begin_factor, remove_authenticator, rename_authenticator, verify_factor
from ciam_mfa.recovery_codes.flows import make_recovery_codes
from ciam_mfa.totp.flows import confirm_totp, start_totp

__all__ = [
    "begin_factor",
    "confirm_totp",
    "make_recovery_codes",
    "remove_authenticator",
    "rename_authenticator",
    "start_totp",
    "verify_factor",
]
