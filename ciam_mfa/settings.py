"""The settings of ``ciam_mfa``: ``CIAM_MFA``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.settings import Conf

_ORIGIN = re.compile(
    r"https://[a-z0-9.-]+(:\d+)?|http://([a-z0-9-]+\.)*localhost(:\d+)?|(android|ios):[\w:.-]+", re.ASCII
)

_SPANS = (
    "CHALLENGE_LIFETIME",
    "CODE_LIFETIME",
    "ENROLMENT_LIFETIME",
    "PASSKEY_OFFERED_EVERY",
    "RESEND_WAIT",
    "STEP_UP_MAX_AGE",
    "TAKEN_BACK_WITHIN",
)


@dataclass(frozen=True)
class MfaSettings:
    """What a host may write in ``CIAM_MFA``. A field is a setting; its default is the default."""

    MAX_AUTHENTICATORS: int = 5
    """How many authenticators of one kind a person may have."""
    ALLAUTH_CLIENTS: bool = False
    """Whether clients written for ``allauth.mfa`` answer the challenge as well, at its paths and in its words. See
    ``docs/mfa/allauth-clients.md``."""
    ENROLMENT_LIFETIME: timedelta = timedelta(minutes=15)
    """How long somebody has to enter the first code of a new authenticator before they start again."""
    CHALLENGE_LIFETIME: timedelta = timedelta(minutes=15)
    """How long a sign-in waits for its second factor before it starts again."""
    FREE_TRIES: int = 5
    """How many wrong answers in a row cost nothing; then waits grow from 1 second to 15 minutes."""
    CEILING: int = 100
    """After so many wrong answers in a row an authenticator is turned off, and its owner told (NIST SP 800-63B-4
    §3.2.2: at most 100)."""
    TEXT_MESSAGES: bool = False
    """Whether people may add a number for codes by text message: the weakest second factor (NIST SP 800-63B-4 §3.2.9
    restricts it), and each text is paid for. Who has one keeps it when this is turned off."""
    CODE_DIGITS: int = 6
    """How long a texted code is: 6 to 8 digits."""
    CODE_LIFETIME: timedelta = timedelta(minutes=5)
    """How long it is good for; at most 10 minutes (NIST SP 800-63B-4 §3.1.3.2)."""
    RESEND_WAIT: timedelta = timedelta(seconds=30)
    """How long somebody waits before another code is texted."""
    RP_ID: str = ""
    """The domain passkeys are bound to: that of the product, or a parent of it (``shop.example`` for
    ``id.shop.example``). Changing it makes every passkey worthless. Empty: the host of ``PUBLIC_URL``."""
    RP_NAME: str = ""
    """What the browser calls the product while a passkey is made. Empty: its name."""
    ORIGINS: tuple[str, ...] = ()
    """Where passkeys may be made and used, exactly: ``https://shop.example``, an Android app's
    ``android:apk-key-hash:…``. Web origins on another domain are told to browsers at ``/.well-known/webauthn``.
    Empty: that of ``PUBLIC_URL``."""
    PASSKEY_OFFERED_EVERY: timedelta | None = timedelta(days=30)
    """How often at most somebody who signs in with a password, and has no passkey, is offered one on the way, until
    they say never. ``None``: not at all."""
    AUTOMATIC_PASSKEYS: bool = True
    """Whether a browser that has filled in the password may make a passkey by itself where one is offered. It signs in,
    and is asked of nobody."""
    STEP_UP_MAX_AGE: timedelta = timedelta(minutes=15)
    """How recent showing who one is must be for what asks for it again, unless it says otherwise."""
    TAKEN_BACK_WITHIN: timedelta = timedelta(hours=72)
    """Who takes an account back is rid of the authenticators that were added in this time."""
    REQUIRED_FOR_STAFF: bool = False
    """Whether everybody with ``is_staff`` must have a second factor."""
    REQUIRED_FOR_GROUPS: tuple[str, ...] = ()
    """Names of Django's groups whose members must have one."""
    REQUIRED_WITHIN: timedelta = timedelta(days=14)
    """How long somebody may go on without, from when they are first seen under a rule. Nothing: at once."""
    ADAPTER: str = "ciam_mfa.adapters.MfaAdapter"
    """Your subclass of ``MfaAdapter``, by its dotted path."""
    TRUST_LIFETIME: timedelta | None = timedelta(days=30)
    """How long somebody may spare themselves the second factor in one browser or app: 1 to 365 days. None: not at
    all. A shorter time holds at once for what is trusted already."""

    def contradictions(self) -> Iterator[str]:
        yield from self._span_contradictions()
        if self.MAX_AUTHENTICATORS < 1:
            yield "MAX_AUTHENTICATORS must be at least 1."
        if not 1 <= self.FREE_TRIES < self.CEILING <= 100:
            yield "FREE_TRIES must be at least 1 and below CEILING, which is at most 100."
        if self.TRUST_LIFETIME and not timedelta(days=1) <= self.TRUST_LIFETIME <= timedelta(days=365):
            yield "TRUST_LIFETIME must be between 1 and 365 days, or None."
        yield from self._code_contradictions()
        yield from self._passkey_contradictions()

    def _passkey_contradictions(self) -> Iterator[str]:
        if self.RP_ID and not any(_is_beneath(origin, self.RP_ID) for origin in self.ORIGINS or [kernel().PUBLIC_URL]):
            yield "RP_ID must be a domain, such as 'shop.example', that PUBLIC_URL or one of ORIGINS is at or beneath."
        for origin in self.ORIGINS:
            if not _ORIGIN.fullmatch(origin):
                yield f"ORIGINS: {origin!r} must be a scheme and a host, such as 'https://shop.example', and no more."

    def _span_contradictions(self) -> Iterator[str]:
        for name in _SPANS:
            if (span := getattr(self, name)) is not None and span <= timedelta(0):
                yield f"{name} must be longer than nothing."
        if timedelta(0) > self.REQUIRED_WITHIN:
            yield "REQUIRED_WITHIN must not be less than nothing."

    def _code_contradictions(self) -> Iterator[str]:
        if not 6 <= self.CODE_DIGITS <= 8:
            yield "CODE_DIGITS must be 6, 7 or 8."
        if not timedelta(minutes=1) <= self.CODE_LIFETIME <= timedelta(minutes=10):
            yield "CODE_LIFETIME must be between 1 and 10 minutes (NIST SP 800-63B-4 §3.1.3.2)."


def _is_beneath(origin: str, domain: str) -> bool:
    return f".{urlsplit(origin).hostname}".endswith(f".{domain}")


conf = Conf("CIAM_MFA", MfaSettings, label="ciam_mfa")
