"""Enrolling a number: a code is texted to it, and it counts once that code is entered."""

from collections.abc import Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import ProofRejected, spend
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import AnswerRejected, EnrolmentExpired, TextsOff
from ciam_mfa.factors.attempts import reserve_try
from ciam_mfa.factors.factor import Begun
from ciam_mfa.factors.flows import add, lock, require_room
from ciam_mfa.factors.naming import tidy_name
from ciam_mfa.one_time_codes.codes import NUMBERS_PER_DAY, address_of, require_texter, right_proof, to_enrol
from ciam_mfa.one_time_codes.factor import may_enrol, text_messages
from ciam_mfa.one_time_codes.models import TextedNumber
from ciam_mfa.one_time_codes.queries import pending_number
from ciam_mfa.one_time_codes.sending import reserve_text, send_code


@sensitive_variables()
def start_number(user: User, number: str, *, origin: Origin) -> Begun:
    """Text ``number`` a code, in the place of one that was not confirmed; ``state`` is what ``confirm_number`` takes.

    Raises ``TextsOff``, ``TooManyAttempts``, ``TooManyAuthenticators``, or the gateway's refusal of the number.
    """
    if not may_enrol():
        raise TextsOff()
    found = require_texter().normalise(number)
    _reserve(user, found, origin=origin)
    return _start(user, found, origin=origin)


@flow
def _start(user: User, number: str, *, origin: Origin) -> Begun:
    lock(user)
    require_room(user, text_messages)
    TextedNumber.objects.filter(user_id=user.pk, confirmed=False).delete()
    waiting = TextedNumber(user_id=user.pk, number=number, hint=require_texter().mask(number))
    waiting.save(force_insert=True)
    return send_code("enrol_number", waiting, to_enrol(), origin=origin)


def resend_number_code(user: User, *, origin: Origin) -> Begun:
    """Another code for the number that waits. Raises ``EnrolmentExpired``, ``TextsOff`` or ``TooManyAttempts``."""
    waiting = pending_number(user)
    _reserve(user, waiting.number, origin=origin)
    return send_code("enrol_number", waiting, to_enrol(), origin=origin)


def _reserve(user: User, number: str, *, origin: Origin) -> None:
    person = str(user.pk)
    reserve_text(user, number, (NUMBERS_PER_DAY, person), waiting=f"enrol:{person}", proven=False, origin=origin)


@sensitive_variables()
def confirm_number(user: User, *, code: str, state: Mapping[str, Any], name: str = "", origin: Origin) -> TextedNumber:
    """``code`` was texted to it: from now on it is asked for. Without a name it is called what may be shown of it.

    Raises ``AnswerRejected``, ``EnrolmentExpired``, ``TooManyAttempts`` or ``TooManyAuthenticators``.
    """
    waiting = pending_number(user)
    attempt = reserve_try(address_of(waiting))
    proof = right_proof(waiting, code, to_enrol(), state=state)
    attempt.succeed()
    return _confirm(user, waiting, proof, name=name, origin=origin)


@flow
def _confirm(user: User, waiting: TextedNumber, proof: Proof, *, name: str, origin: Origin) -> TextedNumber:
    lock(user)
    require_room(user, text_messages)
    try:
        spend(proof)
    except ProofRejected:
        raise AnswerRejected() from None
    waiting.name, waiting.confirmed = tidy_name(name or waiting.hint, text_messages), True
    unconfirmed = TextedNumber.objects.filter(pk=waiting.pk, confirmed=False)
    if not unconfirmed.update(name=waiting.name, confirmed=True):
        raise EnrolmentExpired()
    add(user, text_messages, waiting, origin=origin)
    return waiting
