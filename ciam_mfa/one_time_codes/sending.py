"""Texting a code, to whoever has shown a first factor or is adding a number."""

from datetime import timedelta
from typing import Any

from ciam_core.kernel.attempts import Counted
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import Purpose, issue_proof
from ciam_core.kernel.typing import User
from ciam_mfa.events import FactorCodeSent
from ciam_mfa.factors.factor import Begun
from ciam_mfa.one_time_codes.codes import NAME, address_of, require_texter, resend_wait
from ciam_mfa.one_time_codes.models import TextedNumber
from ciam_mfa.settings import conf


def reserve_text(user: User, number: str, *also: Counted, waiting: str, proven: bool, origin: Origin) -> None:
    """Count a text before it is written. ``waiting``: what shares the wait until another is sent.

    Raises ``TooManyAttempts`` or ``TextsOff``.
    """
    gateway = require_texter()
    gateway.reserve(number, (resend_wait(), waiting), *also, user=user, proven=proven, origin=origin)


@flow
def send_code(template: str, own: TextedNumber, purpose: Purpose, *, origin: Origin) -> Begun:
    """Text ``own`` a code, which ends the one before it. What the person is shown, and what their session keeps."""
    user: Any = own.user
    whose: dict[str, Any] = {"subject_id": str(own.user_id), "address": address_of(own)}
    issued = issue_proof(purpose, **whose)
    sent: dict[str, Any] = {"to": own.number, "code": issued.code, "user": user, "good_for": purpose.lifetime}
    require_texter().send_code(template, **sent, origin=origin)
    emit(FactorCodeSent(subject_id=whose["subject_id"], factor=NAME, authenticator=whose["address"], origin=origin))
    minutes, wait = purpose.lifetime // timedelta(minutes=1), conf().RESEND_WAIT // timedelta(seconds=1)
    prompt = {"sent_to": own.hint, "minutes": minutes, "resend_in": wait}
    return Begun(prompt=prompt, state={"code": str(issued.proof.pk)})
