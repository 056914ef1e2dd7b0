"""A posted form survives the way to the step-up page and back: kept on the server, for this session, for once."""

import json
import time
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ciam_core.kernel.flow import flow
from ciam_core.kernel.http import session_of
from ciam_core.kernel.secrets import SecretUnreadable, seal, unseal
from ciam_mfa.step_up.models import HeldRequest

HELD_KEY = "ciam_mfa_held"
LARGEST_BODY = 64 * 1024
HELD_FOR = timedelta(minutes=10)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def hold_request(request: HttpRequest) -> None:
    """Keep the form that was posted. One with files or of more than 64 KiB is not kept: it is to be sent again."""
    if request.method != "POST" or request.content_type not in _FORMS or request.FILES:
        return
    body = json.dumps({"path": request.get_full_path(), "fields": dict(request.POST.lists())})
    if len(body) <= LARGEST_BODY:
        session_of(request)[HELD_KEY] = {"id": str(_keep(request.user, body).pk), "at": time.time()}


@flow
def _keep(user: Any, body: str) -> HeldRequest:
    HeldRequest.objects.filter(user_id=user.pk, expires_at__lte=timezone.now()).delete()
    held = HeldRequest(user_id=user.pk, expires_at=timezone.now() + HELD_FOR)
    held.sealed = seal(body.encode(), context=_context(held))
    held.save(force_insert=True)
    return held


def held_for(request: HttpRequest) -> timedelta | None:
    """For how long a form has been held in this session; None where none is."""
    kept = session_of(request).get(HELD_KEY)
    return timedelta(seconds=time.time() - kept["at"]) if kept else None


def resume_request(request: HttpRequest) -> None:
    """Make this ``GET`` the ``POST`` that was held for it, now that the person may. Of parallel visits, one does."""
    kept = session_of(request).pop(HELD_KEY, None) if request.method == "GET" else None
    if kept is None:
        return
    now = timezone.now()
    mine = HeldRequest.objects.filter(pk=kept["id"], user=request.user.pk, used_at=None, expires_at__gt=now)
    held = mine.first()
    if held is None or (body := _opened(held)) is None or body["path"] != request.get_full_path():
        return
    if mine.update(used_at=now, sealed=""):
        _become_post(request, body["fields"])


def _opened(held: HeldRequest) -> dict[str, Any] | None:
    try:
        body: dict[str, Any] = json.loads(unseal(held.sealed, context=_context(held)))
    except SecretUnreadable:
        return None
    return body


def _become_post(request: HttpRequest, fields: dict[str, list[str]]) -> None:
    """Its CSRF token was checked when it was posted; nobody else knows that it is held."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    data._mutable = False  # as Django leaves it
    request.method = request.META["REQUEST_METHOD"] = "POST"
    vars(request).update(_post=data, _files=MultiValueDict())


def _context(held: HeldRequest) -> str:
    return f"ciam_mfa.HeldRequest:{held.pk}"


def sweep_held_requests() -> None:
    """Delete what nobody came back for, and what has run."""
    expired = HeldRequest.objects.filter(expires_at__lte=timezone.now())
    HeldRequest.objects.filter(pk__in=[*expired.values_list("pk", flat=True)[:1000]]).delete()
