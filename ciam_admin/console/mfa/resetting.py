"""Helping somebody who has lost every second factor."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ciam_admin.console.core.actions import Action
from ciam_core.kernel.origin import Origin
from ciam_mfa import flows
from ciam_mfa.queries import authenticators_of, reset_of
from ciam_mfa.settings import conf


def _reset(user: Any, *, reason: str, actor: Any, origin: Origin) -> None:
    flows.request_factor_reset(user, reason=reason, actor=actor, origin=origin)


def _stop(user: Any, *, actor: Any, origin: Origin) -> None:
    flows.stop_factor_reset(user, actor=actor, origin=origin)


ACTIONS = [
    Action(
        name="reset_factors",
        permission="reset_factors",
        label=_("Reset second factors"),
        question=_(
            "Make sure that it is the person who asks. They are told now, and can object for a while; then all their "
            "second factors go, and they are signed out everywhere."
        ),
        done=_("The reset is planned, and the person is told."),
        run=_reset,
        fits=lambda user: user.is_active and bool(authenticators_of(user)) and reset_of(user) is None,
        reasons=lambda: conf().RESET_REASONS,
    ),
    Action(
        name="stop_factor_reset",
        permission="reset_factors",
        label=_("Stop the reset of second factors"),
        question=_("The person keeps the second factors they have."),
        done=_("The reset is stopped."),
        run=_stop,
        fits=lambda user: reset_of(user) is not None,
    ),
]
