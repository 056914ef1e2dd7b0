"""A mail server that takes its time, so that a person can press a button twice before the page answers."""

import time
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

SECONDS = 0.7


class SlowEmailBackend(EmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        time.sleep(SECONDS)
        return int(super().send_messages(messages))
