"""Time-based one-time passwords: RFC 6238 over RFC 4226, with what every authenticator app understands."""

import base64
import secrets
import time
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from django.utils.crypto import constant_time_compare
from django_otp.oath import hotp

STEP = 30  # seconds
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226 §4, R6: 160 bits recommended
WINDOW = 1  # RFC 6238 §5.2: at most one step for the way and the typing
LARGEST_DRIFT = 10  # steps, which are five minutes: §6 asks for a limit


def new_secret() -> str:
    """160 random bits in base32: 32 characters, no padding."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """What an app with ``secret`` shows during ``step``."""
    return f"{hotp(base64.b32decode(secret), step, digits=DIGITS):0{DIGITS}d}"


def current_step() -> int:
    return int(time.time()) // STEP


def step_of(code: str, secret: str, *, drift: int) -> int | None:
    """For which step ``code`` (ASCII digits) is right, if it is for one around now. The newest where two agree."""
    matching = [step for step in _around(current_step() + drift) if constant_time_compare(code, code_at(secret, step))]
    return max(matching, default=None)


def _around(middle: int) -> Iterator[int]:
    yield from range(max(0, middle - WINDOW), middle + WINDOW + 1)


def drift_of(step: int) -> int:
    """How far the app's clock is ahead, as far as we follow it."""
    return max(-LARGEST_DRIFT, min(LARGEST_DRIFT, step - current_step()))


def enrolment_uri(secret: str, *, issuer: str, account: str) -> str:
    """What the QR code says, in the form apps read. What it leaves out they assume, and it is easier to scan."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
