"""No session speaks for somebody before their second factor: asked at every door, by whichever code opens it."""

from django.http import HttpRequest

from ciam_core.kernel.assurance import Level, has_shown
from ciam_core.kernel.http import session_of
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.waiting import hold
from ciam_mfa.exceptions import ChallengeRequired
from ciam_mfa.factors.queries import authenticators_of, demands_second_factor
from ciam_mfa.settings import conf
from ciam_mfa.trusted_browsers.tokens import is_trusted

_ASKED = "ciam_mfa_asked"


def is_needed(request: HttpRequest, user: User) -> bool:
    """Whether ``user`` still owes this session a second factor. One statement, once per request; another where there
    is one and the browser shows trust.

    What was shown for a sign-in that came to nothing is good for no longer than one waits.
    """
    age = conf().CHALLENGE_LIFETIME
    if has_shown(session_of(request), str(user.pk), level=Level.AAL2, max_age=age):
        return False
    asked: dict[str, bool] = request.__dict__.setdefault(_ASKED, {})
    if str(user.pk) not in asked:
        asked[str(user.pk)] = demands_second_factor(authenticators_of(user)) and not is_trusted(request, user)
    return asked[str(user.pk)]


def require_second_factor(request: HttpRequest, user: User) -> None:
    """The gate behind Django's ``login()``: whoever calls it, nobody is signed in while a factor is owed.

    What it was about to do waits in the session. Raises ``ChallengeRequired``.
    """
    if is_needed(request, user):
        hold(request, user)
        raise ChallengeRequired()
