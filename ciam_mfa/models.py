"""The tables of ``ciam_mfa``."""

from ciam_mfa.enforcement.models import FactorDemand
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.one_time_codes.models import TextedNumber
from ciam_mfa.passkeys.models import Passkey, PasskeyOffer, UserHandle
from ciam_mfa.recovery_codes.models import RecoveryCode, RecoveryCodeSet
from ciam_mfa.step_up.models import HeldRequest
from ciam_mfa.totp.models import TotpAuthenticator
from ciam_mfa.trusted_browsers.models import TrustedBrowser

__all__ = [
    "Authenticator",
    "FactorDemand",
    "HeldRequest",
    "Passkey",
    "PasskeyOffer",
    "RecoveryCode",
    "RecoveryCodeSet",
    "TextedNumber",
    "TotpAuthenticator",
    "TrustedBrowser",
    "UserHandle",
]
