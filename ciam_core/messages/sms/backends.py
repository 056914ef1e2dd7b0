"""Who carries a text out of the house: ``CIAM_CORE["SMS_BACKEND"]`` names one, ``SMS_OPTIONS`` is what it takes."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from ciam_core.kernel.outbox import Undeliverable
from ciam_core.messages.sms.http import OutcomeUnknown, post
from ciam_core.settings import conf

_NOT_TAKEN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True)
class Sms:
    """``id`` stays the same however often it is tried. ``to`` is E.164."""

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class SmsBackend:
    """Subclass it for a gateway of another kind; its fields are what ``SMS_OPTIONS`` may hold."""

    def send(self, message: Sms) -> None:
        """Hand ``message`` over within a minute. ``Undeliverable`` gives up, any other exception is tried again.

        Where it may have been taken and trying again could send a second one, ``Undeliverable`` is right.
        """
        raise NotImplementedError

    def problems(self) -> Iterator[str]:
        """Why it must not be used so, one sentence each: for ``manage.py check``."""
        yield from ()


class GatewayRefused(Exception):
    """The gateway did not take the message, and may take it later."""


@dataclass(frozen=True)
class Gateway(SmsBackend):
    """What the two below share: where it is, and what its answers mean."""

    deduplicates: ClassVar[bool]
    """Whether a message that is sent again under its id is delivered and paid once."""

    def post(self, url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> None:
        try:
            status = post(url, body, headers, timeout=timeout)
        except OutcomeUnknown:
            self._unknown()
            raise
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        if status in _NOT_TAKEN:
            raise GatewayRefused(f"status {status}")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            self._unknown()
            raise GatewayRefused(f"status {status}")
        raise Undeliverable(f"The gateway refuses this message for good: status {status}.")

    def _unknown(self) -> None:
        """Give up what may be on its way already, unless the gateway would know it again (F18)."""
        if not self.deduplicates:
            raise Undeliverable("The gateway may have sent it; sending it again would be paid twice.") from None


@dataclass(frozen=True)
class HttpGateway(Gateway):
    """POSTs JSON to ``url``; docs/howto/text-messages.md tells what a gateway of yours has to do with it."""

    deduplicates = True

    url: str
    token: str = field(repr=False)
    sender: str = ""
    timeout: float = 10.0

    def send(self, message: Sms) -> None:
        body = {"id": message.id, "to": message.to, "text": message.text, "sender": self.sender}
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
        }
        self.post(self.url, json.dumps(body).encode(), headers, timeout=self.timeout)

    def problems(self) -> Iterator[str]:
        yield from _insecure(self.url)


@dataclass(frozen=True)
class TwilioGateway(Gateway):
    """Twilio's Messages API, and those that speak it. ``sender``: a number, a name, or a service (``MG…``)."""

    deduplicates = False

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    url: str = "https://api.twilio.com"
    timeout: float = 10.0

    def send(self, message: Sms) -> None:
        sender = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        body = urlencode({"To": message.to, sender: self.sender, "Body": message.text})
        credentials = b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        where = f"{self.url}/2010-04-01/Accounts/{self.account_sid}/Messages.json"
        self.post(where, body.encode(), headers, timeout=self.timeout)

    def problems(self) -> Iterator[str]:
        yield from _insecure(self.url)


def configured_backend() -> SmsBackend:
    """What the settings name. ``ImportError`` or ``TypeError`` where they name nothing that works (E109)."""
    backend: SmsBackend = import_string(conf().SMS_BACKEND)(**conf().SMS_OPTIONS)
    return backend


def _insecure(url: str) -> Iterator[str]:
    parts: Any = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        yield "its url is no address"
    elif parts.scheme != "https" and not settings.DEBUG:
        yield "its url is not https: numbers, codes and the token would travel in clear"
