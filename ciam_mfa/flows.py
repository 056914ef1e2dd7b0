"""Every change of state ``ciam_mfa`` offers. Who asks for one has shown who they are; a flow does not ask again."""

from ciam_mfa.enforcement.flows import demand_factor
from ciam_mfa.factors.flows import begin_factor, remove_authenticator, rename_authenticator, verify_factor
from ciam_mfa.one_time_codes.flows import confirm_number, resend_number_code, start_number
from ciam_mfa.passkeys.flows import (
    add_passkey,
    demand_passkey,
    sign_in_with_passkey,
    start_passkey,
    start_passkey_sign_in,
)
from ciam_mfa.recovery_codes.flows import make_recovery_codes
from ciam_mfa.totp.flows import confirm_totp, start_totp
from ciam_mfa.trusted_browsers.flows import (
    end_trusted_browser,
    end_trusted_browsers,
    recognise_browser,
    trust_browser,
)

__all__ = [
    "add_passkey",
    "begin_factor",
    "confirm_number",
    "confirm_totp",
    "demand_factor",
    "demand_passkey",
    "end_trusted_browser",
    "end_trusted_browsers",
    "make_recovery_codes",
    "recognise_browser",
    "remove_authenticator",
    "rename_authenticator",
    "resend_number_code",
    "sign_in_with_passkey",
    "start_number",
    "start_passkey",
    "start_passkey_sign_in",
    "start_totp",
    "trust_browser",
    "verify_factor",
]
