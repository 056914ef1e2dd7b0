"""Reading one's text messages: a gateway that keeps them."""

from dataclasses import dataclass

from ciam_core.messages.sms.backends import Sms, SmsBackend

KEPT: list[Sms] = []


@dataclass(frozen=True)
class Pocket(SmsBackend):
    """``SMS_BACKEND = "tests.texts.Pocket"``."""

    def send(self, message: Sms) -> None:
        KEPT.append(message)


def texts_to(number: str) -> list[str]:
    """Oldest first."""
    return [message.text for message in KEPT if message.to == number]


def code_to(number: str) -> str:
    """The newest code."""
    return texts_to(number)[-1][:6]
