"""What the overview suggests, beside the offer on the way in."""

from typing import Any

from ciam_mfa.factors.rows import suggestion_row
from ciam_mfa.passkeys.offering import was_just_offered


def overview_row(user: Any) -> dict[str, Any] | None:
    """Nobody is asked twice: who has just been offered a passkey finds no suggestion on the overview as well."""
    row = suggestion_row(user)
    return None if row is None or was_just_offered(user) else row
