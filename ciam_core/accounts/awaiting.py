"""The proofs a session waits for: only their ids are kept, under a key per errand."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from ciam_core.accounts import purposes
from ciam_core.accounts.binding import known_binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.flows.addresses import complete_address_change
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.phones import purposes as texted
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofRejected, Purpose

RECOVERY = "ciam_recovery"
NEW_ADDRESS = "ciam_new_address"
NEW_PHONE = "ciam_new_phone"
REAUTHENTICATION = "ciam_reauthentication"


def await_proof(request: HttpRequest, errand: str, proof: Proof) -> None:
    session_of(request)[errand] = str(proof.pk)


def awaited_id(request: HttpRequest, errand: str) -> str:
    """The id of the proof this session waits for, or an empty text."""
    return str(session_of(request).get(errand, ""))


def awaited(request: HttpRequest, errand: str) -> Proof | None:
    """That proof, live or not."""
    known = awaited_id(request, errand)
    return Proof.objects.filter(pk=known).first() if known else None


def stop_waiting(request: HttpRequest, errand: str) -> None:
    session_of(request).pop(errand, None)


def confirm_new_address(request: HttpRequest, code: str) -> None:
    """Check ``code`` and do what its proof is for: confirm an added address, or change the primary one."""
    waiting = awaited(request, NEW_ADDRESS)
    purpose, complete = _errand_of(waiting)
    origin, binding = origin_of(request), known_binding_of(request)
    proof = confirm_code(awaited_id(request, NEW_ADDRESS), code, purpose, binding=binding, origin=origin)
    complete(proof, origin=origin)
    stop_waiting(request, NEW_ADDRESS)


def confirm_new_phone(request: HttpRequest, code: str) -> None:
    """Check ``code`` and confirm the number it was texted to."""
    origin, binding = origin_of(request), known_binding_of(request)
    waiting = awaited_id(request, NEW_PHONE)
    verify_phone(confirm_code(waiting, code, texted.verify_phone(), binding=binding, origin=origin), origin=origin)
    stop_waiting(request, NEW_PHONE)


def _errand_of(waiting: Proof | None) -> tuple[Purpose, Callable[..., Any]]:
    if waiting is not None and waiting.purpose == purposes.verify_address().name:
        return purposes.verify_address(), verify_address
    if waiting is not None and waiting.purpose == purposes.change_address().name:
        return purposes.change_address(), complete_address_change
    raise ProofRejected()
