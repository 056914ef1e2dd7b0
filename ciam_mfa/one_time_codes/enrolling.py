"""An enrolment on its way, in the session of a page or an app."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.assurance import note_shown
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.typing import User
from ciam_mfa.factors.channels import require_another_channel
from ciam_mfa.one_time_codes.factor import text_messages
from ciam_mfa.one_time_codes.flows import confirm_number, resend_number_code, start_number

ENROLMENT_KEY = "ciam_mfa_new_number"


@sensitive_variables()
def begin_enrolment(request: HttpRequest, user: User, number: str) -> Mapping[str, Any]:
    """Raises as ``start_number``; ``SameChannel`` for who came in by a text alone and would shut themselves out."""
    require_another_channel(request, user, text_messages)
    begun = start_number(user, number, origin=origin_of(request))
    session_of(request)[ENROLMENT_KEY] = {"prompt": dict(begun.prompt), "state": dict(begun.state)}
    return begun.prompt


def send_again(request: HttpRequest, user: User) -> Mapping[str, Any]:
    begun = resend_number_code(user, origin=origin_of(request))
    session_of(request)[ENROLMENT_KEY] = {"prompt": dict(begun.prompt), "state": dict(begun.state)}
    return begun.prompt


def prompt_of_enrolment(request: HttpRequest) -> Mapping[str, Any]:
    """Where the code went; empty where this session asked for none."""
    prompt: Mapping[str, Any] = session_of(request).get(ENROLMENT_KEY, {}).get("prompt", {})
    return prompt


@sensitive_variables()
def finish_enrolment(request: HttpRequest, user: User, *, code: str, name: str = "") -> None:
    """Whoever has entered the code has the phone at hand: that is a second factor shown in this session."""
    session = session_of(request)
    state = session.get(ENROLMENT_KEY, {}).get("state", {})
    confirm_number(user, code=code, state=state, name=name, origin=origin_of(request))
    session.pop(ENROLMENT_KEY, None)
    shown = text_messages
    note_shown(session, str(user.pk), method=shown.name, amr=shown.amr, level=shown.level)
