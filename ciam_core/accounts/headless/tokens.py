"""An app's token is the key of its session."""

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from ciam_core.kernel.http import session_of
from ciam_core.kernel.origin import Channel
from ciam_core.kernel.sessions import CHANNEL_KEY, find_app_session


class AppSessions(SessionTokenStrategy):  # type: ignore[misc]  # allauth is untyped
    """Named in ``HEADLESS_TOKEN_STRATEGY``: a browser's session is no app's. (The reverse: ``ChannelMiddleware``.)"""

    def create_session_token(self, request: HttpRequest) -> str:
        session_of(request)[CHANNEL_KEY] = Channel.APP.value
        token: str = super().create_session_token(request)
        return token

    def lookup_session(self, session_token: str) -> SessionBase | None:
        return find_app_session(session_token)
