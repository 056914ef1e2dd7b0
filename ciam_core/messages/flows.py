"""The one door for messages to a person."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.outbox import post
from ciam_core.messages.rendering import render_message


def send_message(
    template: str,
    *,
    to: str,
    subject_id: str | None,
    origin: Origin,
    context: dict[str, Any],
    good_for: timedelta = timedelta(days=3),
    decoy: bool = False,
) -> None:
    """Post ``template`` to the address ``to``, in the transaction of the flow that calls; it leaves once that commits.

    It is given up after ``good_for``. A ``decoy`` costs the same work and the same row, and is never sent: so that an
    address that gets nothing cannot be told from one that does.
    """
    rendered = render_message(template, context, origin)
    payload = {"id": uuid7().hex, "to": to, **asdict(rendered)}
    post("decoy" if decoy else "email", payload, subject_id=subject_id, good_for=good_for)
