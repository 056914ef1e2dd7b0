"""When this session's person last showed who they are."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from ciam_core.settings import conf


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether a password or code was given in this session within ``RECENT_SIGN_IN``."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return time.time() - latest < conf().RECENT_SIGN_IN.total_seconds()


def keep_session(request: HttpRequest) -> None:
    """The password has just changed, which ends every session but this one."""
    person: Any = request.user
    update_session_auth_hash(request, person)
    note_reauthentication(request, method="password")


def note_reauthentication(request: HttpRequest, *, method: str) -> None:
    """The person has just shown again who they are."""
    record_authentication(request, request.user, method, reauthenticated=True)
