"""Reading one's mail."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from ciam_core.kernel.conf import conf


def mail_to(address: str) -> list[EmailMessage]:
    """Oldest first."""
    return [message for message in mail.outbox if message.to == [address]]


def newest_mail(address: str) -> EmailMessage:
    return mail_to(address)[-1]


def code_in(message: EmailMessage) -> str:
    """The six digits, as they stand in the subject."""
    found = re.search(r"(?<!\d)\d{3}\s?\d{3}(?!\d)", str(message.subject))
    assert found, message.subject
    return re.sub(r"\s", "", found[0])


def link_in(message: EmailMessage) -> str:
    """The mailed link that can be used once."""
    found = re.search(re.escape(conf().PUBLIC_URL) + r"/accounts/link/\S+", str(message.body))
    assert found, message.body
    return found[0]


def newest_code(address: str) -> str:
    return code_in(newest_mail(address))


def newest_link(address: str) -> str:
    return link_in(newest_mail(address))
