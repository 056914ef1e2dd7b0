"""Leaving by one's own choice: for a while, or for good after a time to think again; and coming back."""

from datetime import datetime

from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import StateChanged
from ciam_core.accounts.flows.states import State, bring_back, call_off_deletion, move
from ciam_core.accounts.flows.verify import require_owner
from ciam_core.accounts.mail import link_to, mail_new_device, mail_state
from ciam_core.accounts.models import AbstractCustomer, Erasure
from ciam_core.events import AccountDeactivated, DeletionScheduled
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import issue_proof, spend
from ciam_core.kernel.revocation import end_all_access
from ciam_core.settings import conf
from ciam_core.throttling.doors import reserve_notice


def deactivate(user: AbstractCustomer, *, origin: Origin) -> None:
    """Take a break: all access ends, nothing is lost, signing in offers the way back (``come_back``).

    Raises ``StateChanged`` unless the account is active.
    """
    reserve_notice(str(user.pk))
    _deactivate(user, origin=origin)


@flow
def _deactivate(user: AbstractCustomer, *, origin: Origin) -> None:
    move(user, State.ACTIVE, to=State.DEACTIVATED)
    end_all_access(user, reason="deactivated")
    emit(AccountDeactivated(subject_id=str(user.pk), origin=origin))
    mail_state("deactivated", user, origin=origin, sign_in_link=link_to("ciam_sign_in"))


def schedule_deletion(user: AbstractCustomer, *, origin: Origin) -> datetime:
    """Ask to be erased: all access ends, and ``DELETION_GRACE`` later the account is erased. Tells when that is.

    Until then a mailed link (``cancel_deletion``) or signing in (``come_back``) undoes it. Raises ``StateChanged``
    unless the account is active.
    """
    reserve_notice(str(user.pk))
    return _schedule_deletion(user, origin=origin)


@flow
def _schedule_deletion(user: AbstractCustomer, *, origin: Origin) -> datetime:
    move(user, State.ACTIVE, to=State.DELETION_SCHEDULED)
    end_all_access(user, reason="deletion_scheduled")
    now = timezone.now()
    due_at = now + conf().DELETION_GRACE
    Erasure.objects.create(subject_id=str(user.pk), requested_at=now, due_at=due_at, language=origin.language)
    emit(DeletionScheduled(subject_id=str(user.pk), origin=origin))
    if user.email:
        issued = issue_proof(purposes.undo_deletion(), subject_id=str(user.pk), address=user.email)
        undo_link = link_to("ciam_link", issued.token or "")
        mail_state("deletion_scheduled", user, origin=origin, undo_link=undo_link, due_at=due_at)
    return due_at


@flow
def cancel_deletion(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend an undo link: the account stays. It opens no session: the mailbox alone is not the person.

    Raises ``ProofRejected``, ``AccountUnavailable``, or ``StateChanged`` once the eraser was first.
    """
    user = require_owner(proof)
    move(user, State.DELETION_SCHEDULED, to=State.ACTIVE)
    spend(proof, several=True)
    call_off_deletion(user, reason="undone", origin=origin)
    mail_state("deletion_cancelled", user, origin=origin, sign_in_link=link_to("ciam_sign_in"))
    return user


def come_back(user: AbstractCustomer, *, origin: Origin) -> None:
    """Undo leaving, for somebody who has just proven who they are. The owner is told, whoever that was.

    Raises ``StateChanged`` where there is nothing to undo: suspended, erased or back meanwhile.
    """
    if not user.can_come_back:
        raise StateChanged()
    reserve_notice(str(user.pk))
    _come_back(user, origin=origin)


@flow
def _come_back(user: AbstractCustomer, *, origin: Origin) -> None:
    stays = user.state == State.DELETION_SCHEDULED
    bring_back(user, reason="undone", origin=origin)
    if stays:
        mail_state("deletion_cancelled", user, origin=origin, sign_in_link=link_to("ciam_sign_in"))
    else:  # leaving forgot every device, so that the sign-in takes this one for the person's first
        mail_new_device(user, origin=origin)
