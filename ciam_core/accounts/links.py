"""Mailed links: looking at one never spends it, and its token does not stay in the address bar."""

from django.http import HttpRequest

from ciam_core.accounts import purposes
from ciam_core.accounts.binding import known_binding_of
from ciam_core.kernel.http import session_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofRejected, Purpose, find_by_id, find_by_token

LINK_KEY = "ciam_link"


def link_purposes() -> list[Purpose]:
    """Everything a link may be for."""
    return [
        purposes.verify_address(),
        purposes.sign_in(),
        purposes.recover(),
        purposes.change_address(),
        purposes.undo_address_change(),
        purposes.undo_deletion(),
        purposes.wasnt_me(),
    ]


def open_link(request: HttpRequest, token: str) -> Proof:
    """Find the proof of ``token`` and note its id in the session, so that the token can leave the URL (RC8, RC11)."""
    proof = find_by_token(token, *link_purposes(), binding=known_binding_of(request))
    session_of(request)[LINK_KEY] = str(proof.pk)
    return proof


def opened_link(request: HttpRequest, *wanted: Purpose) -> Proof:
    """The live proof of the link this session opened last, if it is for one of ``wanted``. Raises ``ProofRejected``.

    A page that was posted must be that link's: another tab may have opened another one since.
    """
    shown = request.POST.get("proof", "")
    if shown and shown != session_of(request).get(LINK_KEY):
        raise ProofRejected()
    known = session_of(request).get(LINK_KEY, "")
    return find_by_id(known, *(wanted or link_purposes()), binding=known_binding_of(request))
