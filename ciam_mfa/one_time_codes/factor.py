"""Codes by text message as a factor: NIST SP 800-63B-4 §3.2.9 restricts them, so others are suggested first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.kernel.proofs import spend as spend_proof
from ciam_core.kernel.texting import texter
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.factors.factor import Begun, Factor, Finding
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.one_time_codes.codes import NAME, address_of, right_proof, to_answer
from ciam_mfa.one_time_codes.forms import TextedCodeForm
from ciam_mfa.one_time_codes.models import TextedNumber
from ciam_mfa.one_time_codes.sending import reserve_text, send_code
from ciam_mfa.settings import conf


@dataclass(frozen=True)
class RightCode(Finding):
    proof: Proof = field(repr=False)


class TextMessages(Factor):
    name = NAME
    title = _("Text message")
    pitch = _(
        "A code on your phone. Better than none, and weaker than the ways above: texts can be read on the way, "
        "and numbers taken over."
    )
    amr = ("sms",)
    rank = 50
    same_as = frozenset({"sms"})
    model = TextedNumber
    answer_form = TextedCodeForm
    answer_template = "ciam_mfa/one_time_codes/answer.html"
    add_url = "ciam_add_number"
    pages = ("ciam_add_number", "ciam_confirm_number")
    begin_label = _("Text me a code")

    def may_add(self, held: Sequence[Any]) -> bool:
        return may_enrol() and super().may_add(held)

    def begin(self, authenticator: Authenticator, *, origin: Origin) -> Begun:
        own = cast("TextedNumber", authenticator)
        reserve_text(own.user, own.number, waiting=address_of(own), proven=True, origin=origin)
        return send_code("second_factor", own, to_answer(), origin=origin)

    def evaluate(
        self, authenticator: Authenticator, answer: Mapping[str, Any], *, state: Mapping[str, Any]
    ) -> RightCode:
        own = cast("TextedNumber", authenticator)
        proof = right_proof(own, str(answer.get("code", "")), to_answer(), state=state)
        return RightCode(amr=self.amr, level=self.level, proof=proof)

    def spend(self, authenticator: Authenticator, finding: RightCode, *, origin: Origin) -> None:
        try:
            spend_proof(finding.proof)
        except ProofRejected:
            raise AnswerRejected() from None
        usable = TextedNumber.objects.filter(pk=authenticator.pk, disabled_at=None)
        if not usable.update(last_used_at=timezone.now()):
            raise AnswerRejected()


def may_enrol() -> bool:
    return conf().TEXT_MESSAGES and texter() is not None


text_messages = TextMessages()
