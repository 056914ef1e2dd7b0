"""From one state of an account to another: one statement, whose row count decides who came first."""

from django.contrib.auth import get_user_model

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import AccountUnavailable, StateChanged
from ciam_core.accounts.models import AbstractCustomer, Erasure
from ciam_core.events import AccountReactivated, DeletionCancelled
from ciam_core.kernel.events import emit
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import void_proofs
from ciam_core.kernel.revocation import end_all_access

State = AbstractCustomer.State


def move(user: AbstractCustomer, *sources: State, to: State) -> None:
    """Inside a flow, before anything else of this person is written: they are in state ``to`` now.

    Who comes back has no access yet: a sign-in that was under way when the account was closed has written its session
    after the others were ended, and would live again.

    Raises ``StateChanged`` unless they were in one of ``sources`` at that moment.
    """
    if not get_user_model()._default_manager.filter(pk=user.pk, state__in=sources).update(state=to):
        raise StateChanged()
    user.state = to
    if to is State.ACTIVE:
        end_all_access(user, reason="came_back")


def require_not_erased(user: AbstractCustomer) -> None:
    """Inside a flow: the eraser waits for it, and whoever comes after the eraser is refused (``AccountUnavailable``).

    Or what was asked for a moment before would be written a moment after, about somebody who is no more.
    """
    people = get_user_model()._default_manager.exclude(state=State.ERASED)
    if not people.select_for_update().filter(pk=user.pk).values_list("pk").first():
        raise AccountUnavailable()


def call_off_deletion(user: AbstractCustomer, *, reason: str, origin: Origin) -> None:
    """Inside a flow that has moved ``user``: nothing is due any more, and the undo links have done their work."""
    if Erasure.objects.filter(pk=str(user.pk), started_at=None).delete()[0]:
        void_proofs(str(user.pk), purposes.undo_deletion())
        emit(DeletionCancelled(subject_id=str(user.pk), reason=reason, origin=origin))


def bring_back(user: AbstractCustomer, *, reason: str, origin: Origin) -> None:
    """Inside a flow that has locked ``user``: whoever took the account over may have left it, too."""
    if not user.can_come_back:
        return
    left = State(user.state)
    move(user, left, to=State.ACTIVE)
    if left is State.DEACTIVATED:
        emit(AccountReactivated(subject_id=str(user.pk), origin=origin))
    call_off_deletion(user, reason=reason, origin=origin)
