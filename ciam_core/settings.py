"""The settings of ``ciam_core``: ``CIAM_CORE``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from ciam_core.accounts.attributes import Attribute, problems_in
from ciam_core.kernel.secrets.ring import parse_key
from ciam_core.kernel.settings import Conf
from ciam_core.messages.limits import MESSAGE_BUDGETS, problems_in_budgets

_LIFETIMES = (
    "VERIFY_LIFETIME",
    "SIGN_IN_LIFETIME",
    "RECOVER_LIFETIME",
    "UNDO_LIFETIME",
    "WASNT_ME_LIFETIME",
    "SMS_LIFETIME",
    "RECENT_SIGN_IN",
    "DELETION_GRACE",
    "SESSION_IDLE",
    "SESSION_LIFETIME",
    "STAFF_SESSION_IDLE",
    "STAFF_SESSION_LIFETIME",
    "PASSWORD_HASH_WAIT",
    "BREACHED_PASSWORDS_RECHECK",
)
_PHONES = ("off", "add", "sign_in", "sign_up")
_SINKS = {"log": {"BACKEND": "ciam_core.audit.sinks.LogSink"}}


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
    DELETION_GRACE: timedelta = timedelta(days=30)
    """How long somebody who asked to be erased can still undo it."""
    SUSPENSION_REASONS: tuple[str, ...] = ("abuse", "fraud", "legal", "security", "other")
    """The codes a suspension may be given as its reason. They are kept in the trail; the person is not told."""
    REINSTATEMENT_REASONS: tuple[str, ...] = ("mistake", "resolved", "other")
    """The codes the end of a suspension may be given as its reason."""
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
    PASSWORD_FREE_TRIES: int = 5
    """How many wrong passwords in a row cost strangers nothing; then waits grow from 1 second to 15 minutes."""
    PASSWORD_CEILING: int = 100
    """After so many in a row, strangers' passwords are not taken until the owner comes in by mail (NIST SP 800-63B-4
    §3.2.2: at most 100)."""
    SIGN_INS_PER_SOURCE: int = 200
    """Failed sign-ins by password from one IPv4 address or IPv6 /64 in 15 minutes; five times as many from a /24 or
    /48, half as many with one password."""
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
    AUDIT_CHECKPOINT_EVERY: timedelta = timedelta(minutes=1)
    """How long after a checkpoint of the trail the next is signed, if anything has happened."""
    AUDIT_PUBLIC_KEYS: tuple[str, ...] = ()
    """Ed25519 keys, in hex, that may have signed checkpoints, beside those that can be derived here: former ones."""
    AUDIT_RETENTION: timedelta | None = timedelta(days=400)
    """How long events are kept at least (PCI DSS 4.0.1 §10.5.1: twelve months). None: for ever."""
    AUDIT_SIGNING_KEY: str = field(default="", repr=False)
    """Ed25519 seed, 32 bytes in base64, known to the worker only. Empty: derived from ``CIAM_KERNEL["KEYS"]``."""
    AUDIT_SINKS: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Who is told of each checkpoint: name → ``BACKEND``, ``OPTIONS`` (docs/audit/README.md). Empty: the log."""
    PHONES: Literal["off", "add", "sign_in", "sign_up"] = "off"
    """What people may do with a phone number, each with all before it: ``add`` one, ``sign_in`` by a code texted to it,
    ``sign_up`` with it instead of an address."""
    PHONE_REGION: str = ""
    """ISO 3166 code of the country a number typed without one belongs to. Empty: people type the country code."""
    PHONE_COUNTRIES: tuple[str, ...] = ()
    """ISO 3166 codes of the countries you send texts to. Empty: all of them."""
    MAX_PHONES: int = 2
    """How many phone numbers one account may hold."""
    SMS_LIFETIME: timedelta = timedelta(minutes=10)
    """How long a texted code is good for (NIST SP 800-63B-4 §3.1.3.2: at most 10 minutes)."""
    SMS_BACKEND: str = ""
    """Dotted path of what carries text messages, such as ``ciam_core.messages.sms.backends.HttpGateway``."""
    SMS_OPTIONS: dict[str, Any] = field(default_factory=dict, repr=False)
    """What that class takes: its address, its credentials, your sender's name."""
    MESSAGE_BUDGETS: dict[str, Any] = field(default_factory=dict)
    """How many mails and texts may be asked for: name → ``(number, timedelta)`` or None
    (docs/accounts/budgets.md)."""
    INBOX_DIR: str = ""
    """Folder of the developer inbox (``ciam_core.messages.inbox``). For development only."""

    def contradictions(self) -> Iterator[str]:
        yield from problems_in(self.PROFILE)
        yield from problems_in_budgets(self.MESSAGE_BUDGETS)
        for name in _LIFETIMES:
            if getattr(self, name) <= timedelta(0):
                yield f"{name} must be longer than nothing."
        for name in ("MAX_ADDRESSES", "MAX_DEVICES", "MAX_PHONES", "MAX_SESSIONS"):
            if (most := getattr(self, name)) is not None and most < 1:
                yield f"{name} must be at least 1."
        yield from self._password_contradictions()
        yield from self._hashing_contradictions()
        yield from self._audit_contradictions()
        yield from self._phone_contradictions()

    def _password_contradictions(self) -> Iterator[str]:
        if not 8 <= self.PASSWORD_MIN_LENGTH <= self.PASSWORD_MAX_LENGTH:
            yield "PASSWORD_MIN_LENGTH must be at least 8 and at most PASSWORD_MAX_LENGTH."
        if self.PASSWORD_MAX_LENGTH < 64:
            yield "PASSWORD_MAX_LENGTH must be at least 64."
        if not 1 <= self.PASSWORD_FREE_TRIES < self.PASSWORD_CEILING:
            yield "PASSWORD_FREE_TRIES must be at least 1 and below PASSWORD_CEILING."
        if self.SIGN_INS_PER_SOURCE < 2:
            yield "SIGN_INS_PER_SOURCE must be at least 2."

    def _phone_contradictions(self) -> Iterator[str]:
        if timedelta(minutes=10) < self.SMS_LIFETIME:
            yield "SMS_LIFETIME must be at most 10 minutes (NIST SP 800-63B-4 §3.1.3.2)."
        if self.PHONES != "off" and not self.SMS_BACKEND:
            yield "PHONES needs an SMS_BACKEND to carry its codes."
        for country in filter(None, (self.PHONE_REGION, *self.PHONE_COUNTRIES)):
            if len(country) != 2 or not country.isascii() or not country.isupper():
                yield f"PHONE_REGION and PHONE_COUNTRIES hold codes like 'DE', not {country!r}."
        if self.PHONE_REGION and self.PHONE_COUNTRIES and self.PHONE_REGION not in self.PHONE_COUNTRIES:
            yield "PHONE_REGION is not among PHONE_COUNTRIES."

    def _hashing_contradictions(self) -> Iterator[str]:
        # What is stored with more is not checked any more: ciam_core.passwords.hashers.
        if not 8 <= self.PASSWORD_HASH_MEMORY <= 131_072:
            yield "PASSWORD_HASH_MEMORY must be at least 8 and at most 131072 (KiB)."
        if not 1 <= self.PASSWORD_HASH_TIME <= 10:
            yield "PASSWORD_HASH_TIME must be at least 1 and at most 10."
        if self.PASSWORD_HASH_CONCURRENCY < 1:
            yield "PASSWORD_HASH_CONCURRENCY must be at least 1."

    def _audit_contradictions(self) -> Iterator[str]:
        if self.AUDIT_RETENTION is not None and timedelta(days=1) > self.AUDIT_RETENTION:
            yield "AUDIT_RETENTION must be at least a day."
        if timedelta(0) > self.AUDIT_CHECKPOINT_EVERY:
            yield "AUDIT_CHECKPOINT_EVERY must not be negative."
        if any(not re.fullmatch("[0-9a-f]{64}", key) for key in self.AUDIT_PUBLIC_KEYS):
            yield "AUDIT_PUBLIC_KEYS must be keys of 64 hexadecimal digits, as 'manage.py ciam_audit key' prints them."
        try:
            if self.AUDIT_SIGNING_KEY:
                parse_key("key", self.AUDIT_SIGNING_KEY)
        except ValueError as error:
            yield f"AUDIT_SIGNING_KEY cannot be used: {error}."

    def weaknesses(self) -> Iterator[str]:
        """What may be so, one sentence each, and should not in production."""
        hour, day = timedelta(hours=1), timedelta(days=1)
        weak = {
            "PASSWORD_MIN_LENGTH is below 15 (NIST SP 800-63B-4 §3.1.1.2).": self.PASSWORD_MIN_LENGTH < 15,
            "SIGN_IN_LIFETIME is over 10 minutes (NIST SP 800-63B-4 §3.1.3.2).": hour / 6 < self.SIGN_IN_LIFETIME,
            "RECOVER_LIFETIME is over 24 hours (NIST SP 800-63B-4 §4.2.1.2).": day < self.RECOVER_LIFETIME,
            "PASSWORD_CEILING is over 100 (NIST SP 800-63B-4 §3.2.2).": self.PASSWORD_CEILING > 100,
            "PASSWORD_FREE_TRIES is over 10: nobody who guesses waits before.": self.PASSWORD_FREE_TRIES > 10,
            "SIGN_INS_PER_SOURCE is over 1000: one source can try a list of accounts.": self.SIGN_INS_PER_SOURCE > 1000,
            "SESSION_LIFETIME is over 30 days (NIST SP 800-63B-4 §2.1.3).": 30 * day < self.SESSION_LIFETIME,
            "STAFF_SESSION_IDLE is over one hour (NIST SP 800-63B-4 §2.2.3).": hour < self.STAFF_SESSION_IDLE,
            "STAFF_SESSION_LIFETIME is over 24 hours (NIST SP 800-63B-4 §2.2.3).": day < self.STAFF_SESSION_LIFETIME,
            "BREACHED_PASSWORDS is None: a password known from a breach is not found.": self.BREACHED_PASSWORDS is None,
        }
        yield from (sentence for sentence, is_so in weak.items() if is_so)

    def phones_may(self, what: Literal["add", "sign_in", "sign_up"]) -> bool:
        return _PHONES.index(self.PHONES) >= _PHONES.index(what)

    @property
    def sinks(self) -> dict[str, dict[str, Any]]:
        return self.AUDIT_SINKS or _SINKS

    @property
    def message_budgets(self) -> dict[str, tuple[int, timedelta] | None]:
        """Every budget, as it is set or as it ships."""
        return {**MESSAGE_BUDGETS, **self.MESSAGE_BUDGETS}

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The profile schema, in the order it is declared."""
        return {name: Attribute.of(name, declaration) for name, declaration in self.PROFILE.items()}


conf = Conf("CIAM_CORE", CoreSettings, label="ciam_core")
