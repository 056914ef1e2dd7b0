"""Parts of flows: called inside one, in the transaction of its change."""

from ciam_core.accounts.flows.register import open_proven_account, require_may_sign_up
from ciam_core.accounts.flows.sign_in import reopen
from ciam_core.accounts.flows.verify import lock, prove_by_mail
from ciam_core.accounts.mail import mail_alarm
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.profile.flows import clean_profile
from ciam_core.accounts.queries import addresses_of, has_proven_address, has_proven_contact, person_at
from ciam_core.messages.masking import mask_address
from ciam_core.throttling.doors import reserve_identity, reserve_unmailed_sign_up

__all__ = [
    "addresses_of",
    "clean_profile",
    "has_proven_address",
    "has_proven_contact",
    "lock",
    "mail_alarm",
    "mask_address",
    "normalise_address",
    "open_proven_account",
    "person_at",
    "prove_by_mail",
    "reopen",
    "require_may_sign_up",
    "reserve_identity",
    "reserve_unmailed_sign_up",
]
