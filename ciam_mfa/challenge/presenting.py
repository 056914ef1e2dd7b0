"""An authenticator as JSON shows it."""

from typing import Any

from ciam_mfa.factors.queries import Offer


def described(offer: Offer) -> dict[str, Any]:
    """``locked_until``: before that no answer is taken. ``left``: how often it can still be used, where that ends."""
    own = offer.enrolled
    locked = offer.locked_until.isoformat() if offer.locked_until else None
    return {"id": own.key, "factor": own.factor.name, "name": own.name, "locked_until": locked, "left": own.left}
