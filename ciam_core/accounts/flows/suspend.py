"""Staff close an account, and open it again."""

from ciam_core.accounts.exceptions import ReasonUnknown
from ciam_core.accounts.flows.states import State, call_off_deletion, move
from ciam_core.accounts.mail import link_to, mail_state
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.events import AccountReinstated, AccountSuspended
from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.typing import User
from ciam_core.settings import conf


@flow
def suspend(user: AbstractCustomer, *, reason: str, actor: User | None, origin: Origin) -> None:
    """Close an account until ``reinstate``: all access ends, and a deletion that was scheduled is called off.

    ``reason`` is one of ``SUSPENSION_REASONS`` (``ReasonUnknown``); the trail keeps it, the person is not told.
    ``actor`` is None for a rule of the product's. Raises ``StateChanged`` if suspended or erased already.
    """
    if reason not in conf().SUSPENSION_REASONS:
        raise ReasonUnknown()
    was_to_be_erased = user.state == State.DELETION_SCHEDULED
    move(user, State.ACTIVE, State.DEACTIVATED, State.DELETION_SCHEDULED, to=State.SUSPENDED)
    end_all_access(user, reason="suspended")
    call_off_deletion(user, reason="suspended", origin=origin)
    emit(AccountSuspended(subject_id=str(user.pk), actor_id=_id_of(actor), reason=reason, origin=origin))
    help_link = kernel().SUPPORT_URL or kernel().PUBLIC_URL
    mail_state("suspended", user, origin=SYSTEM, help_link=help_link, was_to_be_erased=was_to_be_erased)


@flow
def reinstate(user: AbstractCustomer, *, reason: str, actor: User | None, origin: Origin) -> None:
    """Open a suspended account: it is active, whatever it was before. Nobody is signed in by it.

    ``reason`` is one of ``REINSTATEMENT_REASONS`` (``ReasonUnknown``). Raises ``StateChanged`` unless suspended.
    """
    if reason not in conf().REINSTATEMENT_REASONS:
        raise ReasonUnknown()
    move(user, State.SUSPENDED, to=State.ACTIVE)
    emit(AccountReinstated(subject_id=str(user.pk), actor_id=_id_of(actor), reason=reason, origin=origin))
    mail_state("reinstated", user, origin=SYSTEM, sign_in_link=link_to("ciam_sign_in"))


def _id_of(actor: User | None) -> str | None:
    return str(actor.pk) if actor else None
