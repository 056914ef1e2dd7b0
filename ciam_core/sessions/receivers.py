"""Every door that makes or ends a session, Django's own included, is on record."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from ciam_core.accounts.flows.sign_in import record_sign_out
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.reauthentication import methods_of, note_assurance
from ciam_core.kernel.assurance import ask_gates
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.sessions import CHANNEL_KEY
from ciam_core.sessions.flows import begin_session


def connect() -> None:
    user_logged_in.connect(note_sign_in, dispatch_uid="ciam_sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="ciam_sign_out")


def note_sign_in(request: HttpRequest, user: Any, **_: Any) -> None:
    ask_gates(request, user)  # whatever the order of INSTALLED_APPS: nothing is on record before they say yes
    note_assurance(request, user)
    origin = origin_of(request)
    session_of(request)[CHANNEL_KEY] = origin.channel.value
    if not isinstance(user, AbstractCustomer):
        return
    answered = hasattr(request, "ciam_device_token")  # else there is nobody to give a token to
    methods = methods_of(request, user) or ("password",)
    device = begin_session(user, session_of(request), methods=methods, remember_device=answered, origin=origin)
    if device is not None and answered:
        request.ciam_device_token = device.token  # type: ignore[attr-defined]  # read by DeviceMiddleware


def note_sign_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if isinstance(user, AbstractCustomer):
        record_sign_out(user, origin=origin_of(request))
