"""Mailed codes, at every door: counted per address and network before they are compared."""

from uuid import UUID

from django.views.decorators.debug import sensitive_variables

from ciam_core.events import CodeRefused
from ciam_core.kernel.flow import remember
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import CodeRejected, ProofRejected, Purpose, check_code
from ciam_core.throttling.doors import reserve_code


@sensitive_variables()
def confirm_code(
    proof_id: UUID | str, code: str, purpose: Purpose, *, origin: Origin, binding: str | None = None
) -> Proof:
    """The proof ``code`` was mailed with, not spent yet.

    Beside the few tries of one proof there is a budget for all the proofs of an address (NIST SP 800-63B-4 §3.2.2).
    Raises ``CodeRejected``, ``ProofRejected``, ``ProofElsewhere`` or ``TooManyAttempts``.
    """
    waiting = Proof.objects.filter(pk=proof_id, purpose=purpose.name).first() if proof_id else None
    if waiting is None:
        raise ProofRejected()
    attempt = reserve_code(waiting.address, origin=origin)
    try:
        proof = check_code(waiting.pk, code, purpose, binding=binding)
    except CodeRejected as refusal:
        refusal.record = CodeRefused(subject_id=waiting.subject_id, purpose=purpose.name, origin=origin)
        remember(refusal)
        raise
    attempt.succeed()
    return proof
