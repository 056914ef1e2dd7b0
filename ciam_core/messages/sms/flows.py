"""The one door for text messages to a person."""

from datetime import timedelta

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.outbox import post
from ciam_core.messages.sms.text import code_text, notice_text


def send_code(
    template: str,
    *,
    to: str,
    code: str,
    subject_id: str | None,
    origin: Origin,
    good_for: timedelta,
    decoy: bool = False,
) -> None:
    """Post ``template`` with ``code`` to the number ``to`` (E.164), in the transaction of the flow that calls.

    A ``decoy`` costs the same work and the same row, and is never sent, nor paid.
    """
    payload = {"id": uuid7().hex, "to": to, "text": code_text(template, code, origin)}
    post("decoy" if decoy else "sms", payload, subject_id=subject_id, good_for=good_for)


def send_notice(
    template: str, *, to: str, subject_id: str | None, origin: Origin, good_for: timedelta = timedelta(hours=1)
) -> None:
    """The same for ``template`` without a code. It is given up after ``good_for``."""
    post(
        "sms",
        {"id": uuid7().hex, "to": to, "text": notice_text(template, origin)},
        subject_id=subject_id,
        good_for=good_for,
    )
