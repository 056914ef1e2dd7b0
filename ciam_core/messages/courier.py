"""Delivers what the outbox holds for e-mail, through whichever Django e-mail back end the host has set."""

import smtplib
from typing import Any
from urllib.parse import urlsplit

import django
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from ciam_core.kernel.conf import conf
from ciam_core.kernel.outbox import Undeliverable, couriers
from ciam_core.messages.sms.courier import SmsCourier

HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834 §5
    "X-Auto-Response-Suppress": "All",  # the same for Exchange
}
TIMEOUT = 10
"""Seconds the mail server may be silent, where the host sets nothing. Django's own default is for ever."""


class EmailCourier:
    """Sends from ``DEFAULT_FROM_EMAIL``. Sent twice after a crash, a message has the same ``Message-ID`` both times."""

    def deliver(self, payload: dict[str, Any]) -> None:
        """Send one message. A recipient refused for good, or one no header can hold, is ``Undeliverable``."""
        message = _compose(payload)
        try:
            _connection().send_messages([message])
        except smtplib.SMTPRecipientsRefused as refusal:
            if _is_permanent(refusal):
                # What the server said is left out: it repeats the address.
                raise Undeliverable("The mail server refuses this recipient for good.") from None
            raise


def register_couriers() -> None:
    """Offer e-mail and text messages to the outbox: for ``CiamCoreConfig.ready()``."""
    couriers.add("email", EmailCourier())
    couriers.add("sms", SmsCourier())


def _compose(payload: dict[str, Any]) -> EmailMultiAlternatives:
    host = urlsplit(conf().PUBLIC_URL).hostname
    headers = {**HEADERS, "Message-ID": f"<{payload['id']}@{host}>"}
    message = EmailMultiAlternatives(payload["subject"], payload["text"], to=[payload["to"]], headers=headers)
    message.attach_alternative(payload["html"], "text/html")
    try:
        message.message()
    except ValueError:
        raise Undeliverable("No mail header can hold this subject or recipient.") from None
    return message


def _connection() -> Any:
    connection: Any = mail.mailers.default if django.VERSION >= (6, 1) else mail.get_connection()
    if getattr(connection, "timeout", TIMEOUT) is None:
        connection.timeout = TIMEOUT
    return connection


def _is_permanent(refusal: smtplib.SMTPRecipientsRefused) -> bool:
    """Did the server answer 5xx for each recipient (RFC 5321 §4.2.1)?"""
    return all(code >= 500 for code, _ in refusal.recipients.values())
