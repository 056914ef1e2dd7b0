"""What ``manage.py check`` says about the kernel's settings. No message holds key material.

E001-E004 come from the settings schemas (``Conf.check``), E005 malformed key, E006 ``ATOMIC_REQUESTS``, E007 unknown
database; with ``--deploy`` W001 no https, W002 derived keys, W003 wrapping keys that are derived or not their own,
W004 no broker.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

from ciam_core.kernel.conf import conf
from ciam_core.kernel.outbox import has_broker
from ciam_core.kernel.secrets.ring import DERIVED, parse_key
from ciam_core.kernel.settings import schemas

_RINGS = ("KEYS", "PERSON_KEYS")
_MAKE_A_KEY = "Make one with: openssl rand -base64 32"


def check_settings(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Every settings dict against its schema, then what the kernel's own values mean."""
    problems = [problem for schema in schemas for problem in schema.check()]
    if _is_readable():
        problems += [*_malformed_keys(), *_unknown_database()]
    return [*problems, *_atomic_requests()]


def check_production(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """What works on a desk and is not safe in production."""
    if not _is_readable() or any(_malformed_keys()):
        return []
    return [*_no_https(), *_derived_keys(), *_shared_person_keys(), *_no_broker()]


def _is_readable() -> bool:
    return not conf.check()


def _malformed_keys() -> Iterator[CheckMessage]:
    for ring in _RINGS:
        for key_id, encoded in getattr(conf(), ring).items():
            if encoded == DERIVED:
                continue
            try:
                parse_key(key_id, encoded)
            except ValueError as error:
                text = f"CIAM_KERNEL[{ring!r}][{key_id!r}] cannot be used: {error}."
                yield Error(text, hint=_MAKE_A_KEY, id="ciam_kernel.E005")


def _atomic_requests() -> Iterator[CheckMessage]:
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            text = f"ATOMIC_REQUESTS is on for {alias!r}: a refused request would undo its counted attempt."
            hint = "Take it out. Flows open their own transactions; decorate your own views with transaction.atomic."
            yield Error(text, hint=hint, id="ciam_kernel.E006")


def _unknown_database() -> Iterator[CheckMessage]:
    alias = conf().PERSON_KEYS_DATABASE
    if alias not in settings.DATABASES:
        text = f"CIAM_KERNEL['PERSON_KEYS_DATABASE'] names {alias!r}, which DATABASES does not have."
        yield Error(text, hint=f"Known: {', '.join(sorted(settings.DATABASES))}.", id="ciam_kernel.E007")


def _no_https() -> Iterator[CheckMessage]:
    if not conf().PUBLIC_URL.startswith("https://"):
        text = "CIAM_KERNEL['PUBLIC_URL'] is not https: links in mails would carry their tokens in clear."
        yield checks.Warning(
            text, hint="Write the address customers use, 'https://shop.example'.", id="ciam_kernel.W001"
        )


def _derived_keys() -> Iterator[CheckMessage]:
    if _seals_with_secret_key("KEYS"):
        text = "CIAM_KERNEL['KEYS'] is empty: secrets are sealed with a key derived from SECRET_KEY."
        yield checks.Warning(text, hint=_how_to_move("KEYS"), id="ciam_kernel.W002")


def _shared_person_keys() -> Iterator[CheckMessage]:
    if _seals_with_secret_key("PERSON_KEYS"):
        text = "CIAM_KERNEL['PERSON_KEYS'] is empty: personal data keys are wrapped with a key derived from SECRET_KEY."
        yield checks.Warning(text, hint=_how_to_move("PERSON_KEYS"), id="ciam_kernel.W003")
    elif (set(conf().KEYS.values()) & set(conf().PERSON_KEYS.values())) - {DERIVED}:
        text = "CIAM_KERNEL['PERSON_KEYS'] shares a key with KEYS: wrapping keys must be retired on their own."
        yield checks.Warning(text, hint=_MAKE_A_KEY, id="ciam_kernel.W003")


def _no_broker() -> Iterator[CheckMessage]:
    if not has_broker():
        text = "Celery has no broker: mail leaves while the customer waits, and is not tried again when that fails."
        yield checks.Warning(
            text, hint="Set CELERY_BROKER_URL and run a worker and beat (docs/start.md).", id="ciam_kernel.W004"
        )


def _seals_with_secret_key(ring: str) -> bool:
    written: dict[str, str] = getattr(conf(), ring)
    return not written or next(iter(written.values())) == DERIVED


def _how_to_move(ring: str) -> str:
    return (
        f"{_MAKE_A_KEY}. Then set {ring} to {{'<a name>': '<the key>', 'old': '{DERIVED}'}}, run "
        f"'manage.py ciam_reencrypt', and take 'old' out when it reports nothing left."
    )
