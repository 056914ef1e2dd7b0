"""The code a sign-in waits for, from a page or an app: mailed or texted, checked and sent again alike."""

from typing import Any

from django.http import HttpRequest

from ciam_core.accounts import purposes
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import wait_for
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_proof
from ciam_core.accounts.phones.flows import request_sms_sign_in, sign_in_by_sms
from ciam_core.accounts.phones.purposes import sign_in_by_sms as by_sms
from ciam_core.accounts.phones.texting import number_of
from ciam_core.accounts.stages import SignInCodeStage
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import ProofRejected


def use_sign_in_code(request: HttpRequest, stage: SignInCodeStage, code: str) -> tuple[Any, str]:
    """Whose ``code`` it is, spent, and the method it stands for. Raises as ``confirm_code``."""
    asked: dict[str, Any] = {"binding": binding_of(request), "origin": origin_of(request)}
    if stage.by_text:
        proof = confirm_code(stage.proof_id, code, by_sms(), **asked)
        return sign_in_by_sms(proof, origin=asked["origin"]), "sms"
    proof = confirm_code(stage.proof_id, code, purposes.sign_in(), **asked)
    return sign_in_with_proof(proof, origin=asked["origin"]), "code"


def send_sign_in_code_again(request: HttpRequest, stage: SignInCodeStage) -> None:
    """Another code to where the last one went. Raises ``ProofRejected`` where that is not known any more."""
    asked: dict[str, Any] = {"binding": binding_of(request), "origin": origin_of(request)}
    if not stage.by_text:
        wait_for(request, stage, request_sign_in(stage.login.email, **asked))
        return
    earlier = Proof.objects.filter(pk=stage.proof_id).first()
    if earlier is None:
        raise ProofRejected()
    wait_for(request, stage, request_sms_sign_in(number_of(earlier), **asked))
