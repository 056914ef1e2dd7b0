"""This wasn't me: everything ends, and what changed lately is taken back."""

from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.flows.restore import restore_addresses
from ciam_core.accounts.flows.states import bring_back
from ciam_core.accounts.flows.verify import lock, require_owner
from ciam_core.accounts.mail import mail_notice
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.passwords import void_password
from ciam_core.accounts.phones.flows import remove_recent_phones
from ciam_core.accounts.queries import proven_addresses_of
from ciam_core.accounts.recent import earliest_link, remembered
from ciam_core.events import AccountLockedDown
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import spend, void_proofs
from ciam_core.kernel.revocation import end_all_access
from ciam_core.messages.masking import mask_address


@flow
def lock_down(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend a wasn't-me link: all access ends, the password is void, the addresses are what they were, and phone
    numbers of the time that links remember (``WASNT_ME_LIFETIME``, ``UNDO_LIFETIME``) are gone.

    Addresses go back to before the first change that a live link remembers, whoever reads the mail this link was in:
    of two who claim an account, who had it first gets it. Whoever was in it may have left it as well: that is undone
    too. The way back in is recovery.

    Raises ``ProofRejected``, ``AccountUnavailable`` or ``AddressTaken``.
    """
    user = require_owner(proof)
    before = earliest_link(user)
    lock(user, claimed=before.address if before else "")  # before any proof: of two links at once, one waits here
    user = require_owner(proof)
    spend(proof, several=True)
    bring_back(user, reason="locked_down", origin=origin)
    former = user.email
    if before and _has_changed(user, before):
        restore_addresses(user, primary=before.address, held=before.data["held"], origin=origin)
    remove_recent_phones(user, since=timezone.now() - remembered(), origin=origin)
    void_password(user, origin=origin)
    end_all_access(user, reason="locked_down")
    void_proofs(str(user.pk), purposes.wasnt_me(), purposes.undo_address_change())
    emit(AccountLockedDown(subject_id=str(user.pk), origin=origin))
    for to in sorted({str(address) for address in (former, user.email) if address}):
        mail_notice("locked_down", user, to=to, origin=origin, address=mask_address(user.email or ""))
    return user


def _has_changed(user: AbstractCustomer, before: Proof) -> bool:
    return user.email != before.address or {*proven_addresses_of(user)} != {*before.data["held"]}
