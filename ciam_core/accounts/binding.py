"""Which browser or app asked: a mailed link works only there."""

from django.http import HttpRequest

from ciam_core.kernel.http import session_of
from ciam_core.kernel.secrets import new_token, token_digest

BINDING_KEY = "ciam_binding"


def binding_of(request: HttpRequest) -> str:
    """The digest that stands for this browser or app in a proof; made at first use."""
    session = session_of(request)
    if BINDING_KEY not in session:
        session[BINDING_KEY] = new_token()
    return token_digest(session[BINDING_KEY])


def known_binding_of(request: HttpRequest) -> str:
    """The same where it was made before, else nothing: looking at a link starts no session."""
    known = session_of(request).get(BINDING_KEY)
    return token_digest(known) if known else ""
