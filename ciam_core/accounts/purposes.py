"""What a mailed link or code may prove."""

from ciam_core.kernel.proofs import Purpose
from ciam_core.settings import conf


def verify_address() -> Purpose:
    """This address, of this account, receives mail: at sign-up and when one is added."""
    return Purpose("verify_address", conf().VERIFY_LIFETIME, link=True, code=True)


def sign_in() -> Purpose:
    """Whoever asked from this browser reads this mailbox."""
    return Purpose("sign_in", conf().SIGN_IN_LIFETIME, link=True, code=True)


def recover() -> Purpose:
    return Purpose("recover", conf().RECOVER_LIFETIME, link=True, code=True)


def change_address() -> Purpose:
    """The new address receives mail; proving it replaces the primary one."""
    return Purpose("change_address", conf().VERIFY_LIFETIME, link=True, code=True)


def undo_address_change() -> Purpose:
    """The owner of the former primary address wants it back."""
    return Purpose("undo_address_change", conf().UNDO_LIFETIME, link=True, code=False, several=True)


def undo_deletion() -> Purpose:
    """Whoever is about to be erased wants to stay."""
    return Purpose("undo_deletion", conf().DELETION_GRACE, link=True, code=False, several=True)


def wasnt_me() -> Purpose:
    """Whoever was told of something in their account says that it was not them. Its data: ``held``, the proven
    addresses at that time.
    """
    return Purpose("wasnt_me", conf().WASNT_ME_LIFETIME, link=True, code=False, several=True)
