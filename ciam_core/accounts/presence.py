"""Showing again that the person is there, for an account that has no password: by a mailed code."""

from django.http import HttpRequest

from ciam_core.accounts import purposes
from ciam_core.accounts.awaiting import REAUTHENTICATION, await_proof, awaited_id, stop_waiting
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_proof
from ciam_core.accounts.recent import note_reauthentication
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.proofs import ProofRejected


def ask_for_presence(request: HttpRequest) -> None:
    """Mail a code to the primary address of whoever is signed in."""
    address = getattr(request.user, "email", None) or ""
    proof = request_sign_in(address, binding=binding_of(request), origin=origin_of(request))
    await_proof(request, REAUTHENTICATION, proof)


def confirm_presence(request: HttpRequest, code: str) -> None:
    """Check and spend that code. Raises ``CodeRejected`` or ``ProofRejected``."""
    proof = confirm_code(
        awaited_id(request, REAUTHENTICATION),
        code,
        purposes.sign_in(),
        binding=binding_of(request),
        origin=origin_of(request),
    )
    if proof.subject_id != str(request.user.pk):
        raise ProofRejected()
    sign_in_with_proof(proof, origin=origin_of(request))
    stop_waiting(request, REAUTHENTICATION)
    note_reauthentication(request, method="code")
