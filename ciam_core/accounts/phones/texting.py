"""What the flows text. A number is kept sealed in its proof; only its digest stands in the open."""

from typing import Any

from ciam_core.accounts.phones.normalising import country_of, mask_number
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.events import ProofRequested
from ciam_core.kernel.events import emit
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import Purpose, issue_proof, void_decoys
from ciam_core.kernel.secrets import seal, unseal
from ciam_core.messages.budgets import reserve_sms_budget
from ciam_core.messages.sms.flows import send_code
from ciam_core.throttling.lanes import is_known_device
from ciam_core.throttling.sources import source_of

_CONTEXT = "ciam_kernel.Proof.number"


def reserve_text(number: str, origin: Origin) -> None:
    """Count a text to ``number`` before it is written (``TooManyAttempts``)."""
    at_home = is_known_device(phone_index(number), origin)
    network = source_of(origin)
    reserve_sms_budget(number, country=country_of(number), network=network, at_home=at_home, origin=origin)


def text_proof(
    template: str, number: str, purpose: Purpose, *, phone_id: int | None, subject_id: str | None, **asked: Any
) -> Proof:
    """Inside a flow: text ``number`` a code. Without a subject the same work is done and nothing leaves."""
    address = phone_index(number)
    if subject_id is None:
        void_decoys(purpose, address=address)
    data = {"phone": phone_id, "number": seal(number.encode(), context=_CONTEXT), "hint": mask_number(number)}
    issued = issue_proof(purpose, subject_id=subject_id, address=address, binding=asked["binding"], data=data)
    emit(ProofRequested(subject_id=subject_id, purpose=purpose.name, origin=asked["origin"]))
    send_code(
        template,
        to=number,
        code=issued.code or "",
        subject_id=subject_id,
        origin=asked["origin"],
        good_for=purpose.lifetime,
        decoy=subject_id is None,
    )
    return issued.proof


def number_of(proof: Proof) -> str:
    """The number the code of ``proof`` was texted to."""
    return unseal(proof.data["number"], context=_CONTEXT).decode()
