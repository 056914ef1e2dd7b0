"""Delivers what the outbox holds of text messages, through the back end the settings name."""

from typing import Any

from ciam_core.messages.sms.backends import Sms, configured_backend


class SmsCourier:
    def deliver(self, payload: dict[str, Any]) -> None:
        configured_backend().send(Sms(**payload))
