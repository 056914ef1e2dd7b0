"""What must not reach production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

INBOX = "ciam_core.messages.inbox.EmailBackend"


def check_inbox(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E101: with ``DEBUG`` off, the developer inbox would keep people's codes in files and send them nothing."""
    if settings.DEBUG or INBOX not in _backends():
        return []
    hint = "Name a back end that sends, such as 'django.core.mail.backends.smtp.EmailBackend'."
    return [Error("Messages go to the developer inbox, not to people.", hint=hint, id="ciam_core.E101")]


def _backends() -> set[str]:
    mailers = getattr(settings, "MAILERS", None)  # since Django 6.1; EMAIL_BACKEND is gone once it is set
    return {settings.EMAIL_BACKEND} if mailers is None else {mailer.get("BACKEND", "") for mailer in mailers.values()}
