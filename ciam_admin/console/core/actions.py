"""What staff may do to a person: each is one flow, behind one permission and one page that asks first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ciam_admin.console.tables import Text
from ciam_core import flows
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry
from ciam_core.models import AbstractCustomer
from ciam_core.queries import addresses_of
from ciam_core.settings import conf

State = AbstractCustomer.State


@dataclass(frozen=True, kw_only=True)
class Action:
    """``run`` is given the person, the id of what of theirs it is done to, if not to them, and what the form holds.

    ``fits`` tells whether it can be done now.
    """

    name: str
    permission: str
    label: Text
    question: Text
    done: Text
    run: Callable[..., Any]
    fits: Callable[[AbstractCustomer], bool] = lambda user: True
    reasons: Callable[[], tuple[str, ...]] = tuple
    """The codes staff choose one of; none where no reason is asked for."""

    def allowed(self, actor: Any) -> bool:
        return bool(actor.has_perm(f"ciam_admin.{self.permission}"))


person_actions: Registry[Action] = Registry("action on a person")
"""In the order they are offered; apps that may be left out add theirs."""


def _suspend(user: AbstractCustomer, *, reason: str, actor: Any, origin: Origin) -> None:
    flows.suspend(user, reason=reason, actor=actor, origin=origin)


def _reinstate(user: AbstractCustomer, *, reason: str, actor: Any, origin: Origin) -> None:
    flows.reinstate(user, reason=reason, actor=actor, origin=origin)


def _end_sessions(user: AbstractCustomer, *, actor: Any, origin: Origin) -> None:
    flows.end_all_sessions(user, actor=actor, origin=origin)


def _end_session(user: AbstractCustomer, session_id: UUID, *, actor: Any, origin: Origin) -> None:
    flows.end_session(user, session_id, actor=actor, origin=origin)


def _forget_device(user: AbstractCustomer, device_id: UUID, *, actor: Any, origin: Origin) -> None:
    flows.forget_device(user, device_id, actor=actor, origin=origin)


def _start_recovery(user: AbstractCustomer, *, actor: Any, origin: Origin) -> None:
    flows.request_recovery(user.email or "", actor=actor, origin=origin)


def _send_verification(user: AbstractCustomer, *, actor: Any, origin: Origin) -> None:
    for row in addresses_of(user) if _has_no_proven_address(user) else ():
        flows.resend_verification(user, row.pk, binding="", actor=actor, origin=origin)


def _is_active_with_address(user: AbstractCustomer) -> bool:
    return user.is_active and bool(user.email)


def _has_no_proven_address(user: AbstractCustomer) -> bool:
    """Further addresses their person confirms alone, in the browser that asked: somebody else's may be among them."""
    held = addresses_of(user)
    return user.is_active and held.exists() and not held.filter(verified=True).exists()


BUILT_IN = [
    Action(
        name="suspend",
        permission="suspend_person",
        label=_("Suspend"),
        question=_("The person is signed out everywhere and cannot sign in until you reinstate them."),
        done=_("The account is suspended."),
        run=_suspend,
        fits=lambda user: user.state in (State.ACTIVE, State.DEACTIVATED, State.DELETION_SCHEDULED),
        reasons=lambda: conf().SUSPENSION_REASONS,
    ),
    Action(
        name="reinstate",
        permission="suspend_person",
        label=_("Reinstate"),
        question=_("The person can sign in again."),
        done=_("The account is active again."),
        run=_reinstate,
        fits=lambda user: user.state == State.SUSPENDED,
        reasons=lambda: conf().REINSTATEMENT_REASONS,
    ),
    Action(
        name="end_sessions",
        permission="end_sessions",
        label=_("Sign out everywhere"),
        question=_("Every session of this person ends, on all their devices."),
        done=_("The person is signed out everywhere."),
        run=_end_sessions,
        fits=lambda user: user.state != State.ERASED,
    ),
    Action(
        name="start_recovery",
        permission="start_recovery",
        label=_("Send recovery mail"),
        question=_("The person gets the mail to choose a new password, at their primary address. You do not see it."),
        done=_("The recovery mail is on its way."),
        run=_start_recovery,
        fits=_is_active_with_address,
    ),
    Action(
        name="send_verification",
        permission="send_verification",
        label=_("Send confirmation mail"),
        question=_("Each address that is not confirmed yet gets the mail that confirms it. You do not see it."),
        done=_("The confirmation mail is on its way."),
        run=_send_verification,
        fits=_has_no_proven_address,
    ),
]
for _built_in in BUILT_IN:
    person_actions.add(_built_in.name, _built_in)


END_SESSION = Action(
    name="end_session",
    permission="end_sessions",
    label=_("End session"),
    question=_("The person is signed out there, and nowhere else."),
    done=_("The session is ended."),
    run=_end_session,
)
FORGET_DEVICE = Action(
    name="forget_device",
    permission="forget_devices",
    label=_("Forget device"),
    question=_("Its sessions end, and the next sign-in on it is told to the person as one on a new device."),
    done=_("The device is forgotten."),
    run=_forget_device,
)


def offered(actor: Any, user: AbstractCustomer) -> Iterator[Action]:
    return (own for own in person_actions if own.allowed(actor) and own.fits(user))
