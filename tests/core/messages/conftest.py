"""A person's browser, a mail server, and what each template is given."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction

from ciam_core.kernel.origin import Channel, Origin
from ciam_core.messages.flows import send_message

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
LINK = "https://shop.example/account/link/k3J8vQ2mZb7xT0aR5nW9yD1cF4hL6pS8uE3gI7oK2jM/"
PAGE = "https://shop.example/account/recover/"

CODE = {"code": "482913", "link": LINK, "minutes": 10}
CONTEXTS: dict[str, dict[str, Any]] = {
    "verify_address": {**CODE, "signing_up": True},
    "sign_in": CODE,
    "recover": CODE,
    "account_exists": {"sign_in_link": LINK, "recover_link": PAGE},
    "unknown_account": {"sign_up_link": LINK},
    "password_changed": {"wasnt_me_link": LINK, "hours": 72, "added": ["+49 ••• 12", "Google"]},
    "deactivated": {"sign_in_link": LINK},
    "deletion_scheduled": {"undo_link": LINK, "due_at": datetime(2026, 12, 25, tzinfo=UTC)},
    "deletion_cancelled": {"sign_in_link": LINK},
    "erased": {"sign_up_link": LINK},
    "suspended": {"help_link": LINK, "was_to_be_erased": True},
    "reinstated": {"sign_in_link": LINK},
    "password_closed": {"code_link": LINK},
    "locked_down": {"address": "n•••••@e•••.org", "recover_link": LINK},
    "address_changed": {"new_address": "n•••••@e•••.org", "undo_link": LINK, "hours": 72},
    "primary_changed": {"new_address": "n•••••@e•••.org", "undo_link": LINK, "hours": 72},
    "new_device": {"place": "near Lyon", "wasnt_me_link": LINK, "hours": 72},
    "address_added": {"address": "n•••••@e•••.org", "wasnt_me_link": LINK, "hours": 72},
    "address_removed": {"address": "n•••••@e•••.org", "wasnt_me_link": LINK, "hours": 72},
}


@pytest.fixture
def browser() -> Origin:
    return Origin(channel=Channel.BROWSER, address="203.0.113.7", agent=CHROME, language="en")


@pytest.fixture
def send(browser: Origin) -> Any:
    """Sends a message as a flow would: in a transaction, delivered once it has committed."""

    def send_it(template: str = "sign_in", to: str = "alice@example.org", **choices: Any) -> None:
        with transaction.atomic():
            send_message(
                template,
                **{"to": to, "subject_id": "alice", "origin": browser, "context": CONTEXTS[template], **choices},
            )

    return send_it


class MailServer:
    """A real SMTP server on this machine; ``answers`` are given to RCPT one after the other, then it accepts."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.received: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    controller = Controller(server, hostname=host, port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    yield server
    controller.stop()
