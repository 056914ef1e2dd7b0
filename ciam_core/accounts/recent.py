"""What was added to an account in the days that "this was not me" can take back."""

from datetime import datetime, timedelta

from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import proven_addresses_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import live_proofs_of
from ciam_core.kernel.revocation import added_ways_in
from ciam_core.kernel.typing import User
from ciam_core.messages.masking import mask_address
from ciam_core.settings import conf


def remembered() -> timedelta:
    """How long links remember what an account was."""
    return max(conf().WASNT_ME_LIFETIME, conf().UNDO_LIFETIME)


def earliest_link(user: User) -> Proof | None:
    """The oldest live link that knows which addresses were proven, the one it was mailed to among them."""
    known = live_proofs_of(str(user.pk), purposes.wasnt_me(), purposes.undo_address_change())
    return next((proof for proof in known if proof.address in proof.data["held"]), None)


def added_lately(user: AbstractCustomer) -> list[str]:
    """Every way into the account that is younger than links remember, as its owner would know it."""
    since = timezone.now() - remembered()
    return [shown for added in added_ways_in for shown in added(user, since)]


def added_addresses(user: User, since: datetime) -> list[str]:
    """Nobody notes when an address was added: a link that is older than it does not hold it."""
    before = earliest_link(user)
    held = {*before.data["held"]} if before else {*proven_addresses_of(user)}
    return [mask_address(address) for address in proven_addresses_of(user) if address not in held]
