"""The settings of ``ciam_core``: ``CIAM_CORE``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ciam_core.accounts.attributes import Attribute, problems_in
from ciam_core.kernel.settings import Conf

_LIFETIMES = (
    "VERIFY_LIFETIME",
    "SIGN_IN_LIFETIME",
    "RECOVER_LIFETIME",
    "UNDO_LIFETIME",
    "WASNT_ME_LIFETIME",
    "RECENT_SIGN_IN",
    "SESSION_IDLE",
    "SESSION_LIFETIME",
    "STAFF_SESSION_IDLE",
    "STAFF_SESSION_LIFETIME",
    "PASSWORD_HASH_WAIT",
    "BREACHED_PASSWORDS_RECHECK",
)


@dataclass(frozen=True)
class CoreSettings:
    """What a host may write in ``CIAM_CORE``. A field is a setting; its default is the default."""

    ADAPTER: str = "ciam_core.adapters.CoreAdapter"
    """Dotted path of your subclass of ``ciam_core.adapters.CoreAdapter``."""
    PROFILE: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What you keep about a person: attribute name → its declaration (see docs/accounts/profile.md)."""
    MAX_ADDRESSES: int = 5
    """How many e-mail addresses one account may hold."""
    VERIFY_LIFETIME: timedelta = timedelta(hours=24)
    """How long a mail that proves a new address is good for."""
    SIGN_IN_LIFETIME: timedelta = timedelta(minutes=10)
    """How long a sign-in code and its link are good for (NIST SP 800-63B-4 §3.1.3.2: at most 10 minutes)."""
    RECOVER_LIFETIME: timedelta = timedelta(minutes=30)
    """How long a recovery code and its link are good for."""
    UNDO_LIFETIME: timedelta = timedelta(hours=72)
    """How long the old address can take a change of address back."""
    WASNT_ME_LIFETIME: timedelta = timedelta(hours=72)
    """How long "this wasn't me" in a mail locks the account, and how far back it undoes changes of addresses."""
    RECENT_SIGN_IN: timedelta = timedelta(minutes=15)
    """A change of password or address asks for the password again after this long."""
    SESSION_IDLE: timedelta = timedelta(days=14)
    """A session that nobody uses ends after this long."""
    SESSION_LIFETIME: timedelta = timedelta(days=30)
    """Every session ends after this long (NIST SP 800-63B-4 §2.1.3: at most 30 days at AAL1)."""
    STAFF_SESSION_IDLE: timedelta = timedelta(hours=1)
    """The same for staff and the admin (NIST SP 800-63B-4 §2.2.3: at most 1 hour at AAL2)."""
    STAFF_SESSION_LIFETIME: timedelta = timedelta(hours=12)
    """The same for staff and the admin (NIST SP 800-63B-4 §2.2.3: at most 24 hours at AAL2)."""
    MAX_SESSIONS: int | None = None
    """How many sessions one person may have at a time; the oldest ends. None: as many as they like."""
    MAX_DEVICES: int = 20
    """How many devices of one person are remembered; the one not used for longest is forgotten."""
    TELL_UNKNOWN_ADDRESSES: bool = True
    """Tell an address without an account that somebody tried to sign in with it. Off: nothing is sent."""
    PASSWORD_MIN_LENGTH: int = 15
    """Shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2: 15 where it is all that is asked)."""
    PASSWORD_MAX_LENGTH: int = 256
    """Longest password, in characters. Longer ones are refused before anything is computed."""
    PASSWORD_CONTEXT_WORDS: tuple[str, ...] = ()
    """Words of your product that may not be a password, beside its name."""
    PASSWORD_HASH_MEMORY: int = 19456
    """Argon2id memory in KiB (OWASP: 19 MiB with two passes)."""
    PASSWORD_HASH_TIME: int = 2
    """Argon2id passes."""
    PASSWORD_HASH_CONCURRENCY: int = 1
    """How many passwords one process hashes at a time; more wait."""
    PASSWORD_HASH_WAIT: timedelta = timedelta(seconds=5)
    """How long a hash waits for its turn before the answer is "busy, try again"."""
    BREACHED_PASSWORDS: str | None = "ciam_core.passwords.breached.RangeClient"
    """Dotted path of the client that looks passwords up in a breach corpus. None: only the list that ships with us."""
    BREACHED_PASSWORDS_RECHECK: timedelta = timedelta(days=30)
    """How long after a look-up the next sign-in looks again."""
    INBOX_DIR: str = ""
    """Folder of the developer inbox (``ciam_core.messages.inbox``). For development only."""

    def contradictions(self) -> Iterator[str]:
        yield from problems_in(self.PROFILE)
        for name in _LIFETIMES:
            if getattr(self, name) <= timedelta(0):
                yield f"{name} must be longer than nothing."
        for name in ("MAX_ADDRESSES", "MAX_DEVICES", "MAX_SESSIONS"):
            if (most := getattr(self, name)) is not None and most < 1:
                yield f"{name} must be at least 1."
        if not 8 <= self.PASSWORD_MIN_LENGTH <= self.PASSWORD_MAX_LENGTH:
            yield "PASSWORD_MIN_LENGTH must be at least 8 and at most PASSWORD_MAX_LENGTH."
        if self.PASSWORD_MAX_LENGTH < 64:
            yield "PASSWORD_MAX_LENGTH must be at least 64."
        yield from self._hashing_contradictions()

    def _hashing_contradictions(self) -> Iterator[str]:
        # What is stored with more is not checked any more: ciam_core.passwords.hashers.
        if not 8 <= self.PASSWORD_HASH_MEMORY <= 131_072:
            yield "PASSWORD_HASH_MEMORY must be at least 8 and at most 131072 (KiB)."
        if not 1 <= self.PASSWORD_HASH_TIME <= 10:
            yield "PASSWORD_HASH_TIME must be at least 1 and at most 10."
        if self.PASSWORD_HASH_CONCURRENCY < 1:
            yield "PASSWORD_HASH_CONCURRENCY must be at least 1."

    def weaknesses(self) -> Iterator[str]:
        """What may be so, one sentence each, and should not in production."""
        if self.PASSWORD_MIN_LENGTH < 15:
            yield "PASSWORD_MIN_LENGTH is below 15 (NIST SP 800-63B-4 §3.1.1.2)."
        if self.SIGN_IN_LIFETIME.total_seconds() > 10 * 60:
            yield "SIGN_IN_LIFETIME is over 10 minutes (NIST SP 800-63B-4 §3.1.3.2)."
        if self.RECOVER_LIFETIME.total_seconds() > 24 * 3600:
            yield "RECOVER_LIFETIME is over 24 hours (NIST SP 800-63B-4 §4.2.1.2)."
        if timedelta(days=30) < self.SESSION_LIFETIME:
            yield "SESSION_LIFETIME is over 30 days (NIST SP 800-63B-4 §2.1.3)."
        if timedelta(hours=24) < self.STAFF_SESSION_LIFETIME or timedelta(hours=1) < self.STAFF_SESSION_IDLE:
            yield "STAFF_SESSION_LIFETIME is over 24 hours or STAFF_SESSION_IDLE over one (NIST SP 800-63B-4 §2.2.3)."
        if self.BREACHED_PASSWORDS is None:
            yield "BREACHED_PASSWORDS is None: a password known from a breach is not found."

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The profile schema, in the order it is declared."""
        return {name: Attribute.of(name, declaration) for name, declaration in self.PROFILE.items()}


conf = Conf("CIAM_CORE", CoreSettings, label="ciam_core")
