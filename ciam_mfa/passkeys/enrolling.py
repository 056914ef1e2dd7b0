"""An enrolment on its way, in the session of a page or an app."""

import time
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from ciam_core.kernel.assurance import shown_in
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import PasskeyRefused
from ciam_mfa.passkeys.flows import start_passkey
from ciam_mfa.settings import conf

ENROLMENT_KEY = "ciam_mfa_new_passkey"


def begin_enrolment(request: HttpRequest, user: User, *, automatic: bool = False) -> Mapping[str, Any]:
    """What the browser needs to make a passkey; the challenge is kept. Raises as ``start_passkey``.

    ``automatic``: only for who has just given a password, the one moment at which browsers do it.
    """
    if automatic and not _has_given_password(request, user):
        raise PasskeyRefused()
    begun = start_passkey(user, automatic=automatic, origin=origin_of(request))
    session_of(request)[ENROLMENT_KEY] = dict(begun.state)
    options: Mapping[str, Any] = begun.prompt["creation_options"]
    return options


def _has_given_password(request: HttpRequest, user: User) -> bool:
    since = time.time() - conf().STEP_UP_MAX_AGE.total_seconds()
    shown = shown_in(session_of(request), str(user.pk))
    return any(own.method == "password" and own.at >= since for own in shown)


def begun_enrolment(request: HttpRequest) -> Mapping[str, Any]:
    """What was begun in this session, which forgets it; empty where nothing was."""
    state: Mapping[str, Any] = session_of(request).pop(ENROLMENT_KEY, {})
    return state
