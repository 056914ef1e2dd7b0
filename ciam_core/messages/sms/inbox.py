"""Text messages in the developer inbox, beside the mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

from ciam_core.kernel.conf import conf
from ciam_core.messages.inbox import keep
from ciam_core.messages.sms.backends import Sms, SmsBackend


@dataclass(frozen=True)
class InboxBackend(SmsBackend):
    """Keeps texts in ``CIAM_CORE["INBOX_DIR"]``. For development only: people get nothing."""

    def send(self, message: Sms) -> None:
        kept = EmailMessage()
        kept["Subject"], kept["From"], kept["To"] = message.text.splitlines()[0], conf().product_name, message.to
        kept.set_content(message.text)
        keep(kept.as_bytes())

    def problems(self) -> Iterator[str]:
        if not settings.DEBUG:
            yield "it keeps people's codes in files and sends them nothing"
