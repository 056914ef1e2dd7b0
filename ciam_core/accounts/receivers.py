"""Every door that makes or ends a session, Django's own included, is on record."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from ciam_core.accounts.flows.sign_in import record_sign_in, record_sign_out
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.sessions import CHANNEL_KEY


def connect() -> None:
    user_logged_in.connect(note_sign_in, dispatch_uid="ciam_sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="ciam_sign_out")


def note_sign_in(request: HttpRequest, user: Any, **_: Any) -> None:
    origin = origin_of(request)
    session_of(request)[CHANNEL_KEY] = origin.channel.value
    methods = tuple(record["method"] for record in get_authentication_records(request, user))
    if isinstance(user, AbstractCustomer):
        record_sign_in(user, methods=methods or ("password",), origin=origin)


def note_sign_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if isinstance(user, AbstractCustomer):
        record_sign_out(user, origin=origin_of(request))
