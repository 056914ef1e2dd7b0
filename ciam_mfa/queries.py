"""Every question ``ciam_mfa`` answers."""

from ciam_mfa.enforcement.queries import must_have_factor
from ciam_mfa.factors.attempts import locked_until
from ciam_mfa.factors.demand import demanded_by
from ciam_mfa.factors.queries import Enrolled, authenticators_of, demands_second_factor
from ciam_mfa.one_time_codes.queries import pending_number
from ciam_mfa.passkeys.queries import accepted_passkeys
from ciam_mfa.totp.queries import pending_totp, qr_code, uri_of
from ciam_mfa.trusted_browsers.queries import trust_offered_to, trusted_browsers_of

__all__ = [
    "Enrolled",
    "accepted_passkeys",
    "authenticators_of",
    "demanded_by",
    "demands_second_factor",
    "locked_until",
    "must_have_factor",
    "pending_number",
    "pending_totp",
    "qr_code",
    "trust_offered_to",
    "trusted_browsers_of",
    "uri_of",
]
