"""An enrolment on its way, in the session of a page or an app."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.typing import User
from ciam_mfa.passkeys.flows import start_passkey

ENROLMENT_KEY = "ciam_mfa_new_passkey"


def begin_enrolment(request: HttpRequest, user: User) -> Mapping[str, Any]:
    """What the browser needs to make a passkey; the challenge is kept. Raises ``TooManyAuthenticators``."""
    begun = start_passkey(user, origin=origin_of(request))
    session_of(request)[ENROLMENT_KEY] = dict(begun.state)
    options: Mapping[str, Any] = begun.prompt["creation_options"]
    return options


def begun_enrolment(request: HttpRequest) -> Mapping[str, Any]:
    """What was begun in this session, which forgets it; empty where nothing was."""
    state: Mapping[str, Any] = session_of(request).pop(ENROLMENT_KEY, {})
    return state
