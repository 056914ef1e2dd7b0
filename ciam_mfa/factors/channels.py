"""What came first: a code to the phone that was shown already is no second factor."""

from django.http import HttpRequest

from ciam_core.kernel.assurance import Level, shown_in
from ciam_core.kernel.http import session_of
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import SameChannel
from ciam_mfa.factors.factor import Factor


def first_factors(request: HttpRequest, user: User) -> frozenset[str]:
    """The methods by which ``user`` has shown a first factor in this session."""
    shown = shown_in(session_of(request), str(user.pk))
    return frozenset(own.method for own in shown if own.level == Level.AAL1)


def require_another_channel(request: HttpRequest, user: User, factor: Factor | None) -> None:
    """Raises ``SameChannel`` where ``factor`` shows nothing but what the first one did."""
    if factor is not None and not factor.adds_to(first_factors(request, user)):
        raise SameChannel()
