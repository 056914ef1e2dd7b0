"""What a texted code may prove."""

from ciam_core.kernel.proofs import Purpose
from ciam_core.settings import conf


def verify_phone() -> Purpose:
    """This number, of this account, receives texts. Its data: ``phone``, the row's id."""
    return Purpose("verify_phone", conf().SMS_LIFETIME, link=False, code=True)


def recover_by_sms() -> Purpose:
    """The only way back into an account without an address."""
    return Purpose("recover_by_sms", conf().SMS_LIFETIME, link=False, code=True)


def sign_in_by_sms() -> Purpose:
    """Whoever asked from this browser holds this number."""
    return Purpose("sign_in_by_sms", conf().SMS_LIFETIME, link=False, code=True)
