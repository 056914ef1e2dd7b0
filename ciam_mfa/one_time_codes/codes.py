"""Texted codes: each a proof of the kernel, for one authenticator, one purpose and the session that asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ciam_core.kernel.attempts import Budget
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import CodeRejected, ProofElsewhere, ProofRejected, Purpose, check_code
from ciam_core.kernel.texting import Texter, texter
from ciam_mfa.exceptions import AnswerRejected, TextsOff
from ciam_mfa.one_time_codes.models import TextedNumber
from ciam_mfa.settings import conf

NAME = "text_message"
"""Of the factor. Not ``sms``: that is what a session notes of a first factor."""

NUMBERS_PER_DAY = Budget("mfa.numbers", 10, timedelta(days=1), shared=True)
"""How many texts one person may cause at numbers that are not proven to be theirs."""


def to_enrol() -> Purpose:
    return Purpose("enrol_text_message", conf().CODE_LIFETIME, link=False, code=True, digits=conf().CODE_DIGITS)


def to_answer() -> Purpose:
    return Purpose("text_message", conf().CODE_LIFETIME, link=False, code=True, digits=conf().CODE_DIGITS)


def resend_wait() -> Budget:
    return Budget("mfa.resend", 1, conf().RESEND_WAIT, shared=True)


def require_texter() -> Texter:
    """Raises ``TextsOff``."""
    found = texter()
    if found is None:
        raise TextsOff()
    return found


def address_of(own: TextedNumber) -> str:
    """What its proofs are written for: no number stands in the open."""
    return f"{NAME}-{own.pk}"


def right_proof(own: TextedNumber, code: str, purpose: Purpose, *, state: Mapping[str, Any]) -> Proof:
    """The proof that ``state`` names, if it is for ``own`` and ``code`` is right. Raises ``AnswerRejected``."""
    try:
        proof = check_code(str(state.get("code", "")), code, purpose)
    except (CodeRejected, ProofElsewhere, ProofRejected):
        raise AnswerRejected() from None
    if (proof.subject_id, proof.address) != (str(own.user_id), address_of(own)):
        raise AnswerRejected()
    return proof
