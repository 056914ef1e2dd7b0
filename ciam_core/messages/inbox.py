"""The developer inbox: an e-mail back end that keeps every message as a file, to be read at a page.

For development only: people get nothing, and their codes lie in the files.

``EMAIL_BACKEND = "ciam_core.messages.inbox.EmailBackend"``, ``CIAM_CORE = {"INBOX_DIR": ...}`` and
``path("inbox/", include("ciam_core.messages.urls"))`` make it work while ``DEBUG`` is on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from ciam_core.kernel.ids import uuid7
from ciam_core.settings import conf

SHOWN = 100


class EmailBackend(BaseEmailBackend):
    """Keeps messages in ``CIAM_CORE["INBOX_DIR"]``. ``ImproperlyConfigured`` where that is empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inbox_folder()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class KeptMessage:
    """One message as it was sent. ``html`` is empty for a plain one."""

    id: UUID
    subject: str
    sender: str
    to: str
    sent_at: datetime
    text: str
    html: str


def inbox_folder() -> Path:
    if not conf().INBOX_DIR:
        raise ImproperlyConfigured("The developer inbox needs a folder: CIAM_CORE['INBOX_DIR'].")
    return Path(conf().INBOX_DIR)


def keep(content: bytes) -> None:
    """Put one message (RFC 5322) into the inbox."""
    folder = inbox_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / f"{uuid7()}.eml", content)


def kept_messages() -> list[KeptMessage]:
    """The newest 100, newest first."""
    newest = sorted(inbox_folder().glob("*.eml"), reverse=True)[:SHOWN]  # UUIDv7: names sort by time
    return [_read(path) for path in newest]


def kept_message(message_id: UUID) -> KeptMessage:
    """``FileNotFoundError`` where there is none."""
    return _read(inbox_folder() / f"{message_id}.eml")


def _write(path: Path, content: bytes) -> None:
    """Under another name first, so that a reader never meets half a message."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


def _read(path: Path) -> KeptMessage:
    message = message_from_bytes(path.read_bytes(), _class=Parsed, policy=policy.default)
    return KeptMessage(
        id=UUID(path.stem),
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        to=str(message["To"]),
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: Parsed, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""
