"""What the flows text. A number is kept sealed in its proof; only its digest stands in the open."""

from typing import Any

from ciam_core.accounts.phones.normalising import country_of, mask_number
from ciam_core.accounts.phones.queries import phone_index, proven_phones_of
from ciam_core.events import ProofRequested
from ciam_core.kernel.attempts import Counted, TooManyAttempts
from ciam_core.kernel.events import emit
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import IssuedProof, Purpose, issue_proof, void_decoys
from ciam_core.kernel.secrets import seal, unseal
from ciam_core.messages.budgets import reserve_sms_budget
from ciam_core.messages.sms.flows import send_code, send_notice
from ciam_core.throttling.lanes import is_known_device
from ciam_core.throttling.sources import source_of

_CONTEXT = "ciam_kernel.Proof.number"


def reserve_text(number: str, origin: Origin, *also: Counted) -> None:
    """Count a text to ``number`` before it is written, and what else is asked with it (``TooManyAttempts``)."""
    at_home = is_known_device(phone_index(number), origin)
    network = source_of(origin)
    reserve_sms_budget(number, *also, country=country_of(number), network=network, at_home=at_home, origin=origin)


def text_proof(
    template: str,
    number: str,
    purpose: Purpose,
    *,
    phone_id: int | None,
    subject_id: str | None,
    binding: str,
    origin: Origin,
) -> Proof:
    """Inside a flow: text ``number`` a code. Without a subject the same work is done and nothing leaves."""
    if subject_id is None:
        void_decoys(purpose, address=phone_index(number))
    issued = issue_text_proof(number, purpose, phone_id=phone_id, subject_id=subject_id, binding=binding)
    emit(ProofRequested(subject_id=subject_id, purpose=purpose.name, origin=origin))
    text_code(template, number, issued, purpose, origin=origin)
    return issued.proof


def issue_text_proof(
    number: str,
    purpose: Purpose,
    *,
    phone_id: int | None = None,
    subject_id: str | None,
    binding: str,
    is_first: bool = False,
) -> IssuedProof:
    """Inside a flow: what ``text_code`` sends."""
    data = {"phone": phone_id, "number": seal(number.encode(), context=_CONTEXT), "hint": mask_number(number)}
    whose: dict[str, Any] = {"subject_id": subject_id, "address": phone_index(number), "binding": binding}
    return issue_proof(purpose, **whose, data=data, is_first=is_first)


def text_code(template: str, number: str, issued: IssuedProof, purpose: Purpose, *, origin: Origin) -> None:
    """Inside a flow: text ``number`` the code of ``issued``, or do as if, where that is nobody's."""
    subject_id = issued.proof.subject_id
    send_code(
        template,
        to=number,
        code=issued.code or "",
        subject_id=subject_id,
        origin=origin,
        good_for=purpose.lifetime,
        decoy=subject_id is None,
    )


def is_texted(proof: Proof) -> bool:
    """Whether the code of ``proof`` went to a number, and not to an address."""
    return "number" in proof.data


def number_of(proof: Proof) -> str:
    """The number the code of ``proof`` was texted to."""
    return unseal(proof.data["number"], context=_CONTEXT).decode()


def number_to_tell(user: Any, *, origin: Origin) -> str | None:
    """Where somebody without an address is told of what matters, if that is within the budgets: ``text_notice``."""
    row = None if user.email else proven_phones_of(user).first()
    if row is None:
        return None
    try:
        reserve_text(row.number, origin)
    except TooManyAttempts:
        return None  # what is told of is the person's own act: it does not wait for the text
    return str(row.number)


def text_notice(template: str, user: Any, *, to: str, origin: Origin) -> None:
    """Inside a flow: tell ``user``, at the number ``to``."""
    send_notice(template, to=to, subject_id=str(user.pk), origin=origin)
