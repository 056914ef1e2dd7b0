"""When this session's person last showed who they are, and showing it again: by password, or by a mailed code."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest

from ciam_core.accounts import purposes
from ciam_core.accounts.awaiting import REAUTHENTICATION, await_proof, awaited, awaited_id, stop_waiting
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_proof
from ciam_core.accounts.phones.flows import request_sms_sign_in, sign_in_by_sms
from ciam_core.accounts.phones.purposes import sign_in_by_sms as sign_in_by_sms_purpose
from ciam_core.accounts.phones.queries import proven_phones_of
from ciam_core.accounts.phones.texting import is_texted
from ciam_core.kernel.assurance import Level, has_shown, note_shown
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.settings import conf

AMR = {"password": ("pwd",), "sms": ("sms",)}
"""What RFC 8176 calls our methods. It has no word for a mailed code, nor for another provider's sign-in."""
SECOND_FACTOR = "mfa"
"""allauth's word for one; whoever checks it says itself which level it gives."""


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the person has shown who they are in this session within ``RECENT_SIGN_IN``, by whatever."""
    session, subject_id = session_of(request), str(request.user.pk)
    return has_shown(session, subject_id, level=Level.AAL1, max_age=conf().RECENT_SIGN_IN)


def leave_session(request: HttpRequest) -> None:
    """The person has just left: this browser or app is signed out like the others."""
    get_adapter().logout(request)


def methods_of(request: HttpRequest, user: Any) -> tuple[str, ...]:
    """How ``user`` has shown who they are in this session, in order."""
    return tuple(record["method"] for record in get_authentication_records(request, user))


def keep_session(request: HttpRequest) -> None:
    """The password has just changed, which ends every session but this one."""
    person: Any = request.user
    session_of(request)[HASH_SESSION_KEY] = person.get_session_auth_hash()
    note_reauthentication(request, method="password")


def note_reauthentication(request: HttpRequest, *, method: str) -> None:
    """The person has just shown again who they are: the session gets a new key (ASVS 7.2.4), an app its new token."""
    session_of(request).cycle_key()
    record_authentication(request, request.user, method, reauthenticated=True)
    _note(request, request.user, method, time.time())


def note_assurance(request: HttpRequest, user: Any) -> None:
    """At a sign-in: tell the session how its person has shown who they are. Django's own doors take a password."""
    records = get_authentication_records(request, user)
    for record in records or [{"method": "password", "at": time.time()}]:
        if record["method"] != SECOND_FACTOR:
            _note(request, user, record["method"], record["at"])


def _note(request: HttpRequest, user: Any, method: str, at: float) -> None:
    amr = AMR.get(method, ())
    note_shown(session_of(request), str(user.pk), method=method, amr=amr, level=Level.AAL1, at=at)


def request_reauthentication(request: HttpRequest) -> None:
    """Mail, or text, a code to whoever is signed in: for an account that has no password."""
    person: Any = request.user
    asked: dict[str, Any] = {"binding": binding_of(request), "origin": origin_of(request)}
    row = None if person.email else proven_phones_of(person).first()
    proof = request_sms_sign_in(row.number, **asked) if row else request_sign_in(person.email or "", **asked)
    await_proof(request, REAUTHENTICATION, proof)


def reauthenticate_with_code(request: HttpRequest, code: str) -> None:
    """Check and spend that code. Raises ``CodeRejected`` or ``ProofRejected``."""
    waiting = awaited(request, REAUTHENTICATION)
    by_text = waiting is not None and is_texted(waiting)
    purpose, use = (sign_in_by_sms_purpose(), sign_in_by_sms) if by_text else (purposes.sign_in(), sign_in_with_proof)
    origin = origin_of(request)
    known = awaited_id(request, REAUTHENTICATION)
    proof = confirm_code(known, code, purpose, binding=binding_of(request), origin=origin)
    if proof.subject_id != str(request.user.pk):
        raise ProofRejected()
    use(proof, origin=origin)
    stop_waiting(request, REAUTHENTICATION)
    note_reauthentication(request, method="sms" if by_text else "code")
