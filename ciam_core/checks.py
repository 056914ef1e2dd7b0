"""System checks of ``ciam_core``.

E001-E004 come from the settings schema (``Conf.check``), E101 the developer inbox outside development, E102 a missing
middleware, E103 a user model that is not a customer, E104-E106 a class that a setting names and that cannot be used,
E107 a sink of the trail, E108 phones without ``phonenumbers``, E109 an SMS back end that cannot send, W103 a code page
that ends before its code does; with ``--database`` W104 an audit trail without its guards; with ``--deploy`` W101 names
each default that was made weaker, W102 each value of ``CIAM_CORE`` that is weak.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend, RemoteUserBackend
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from ciam_core import defaults
from ciam_core.accounts.adapter import AccountAdapter, HeadlessAdapter
from ciam_core.accounts.backends import CiamBackend
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.adapters import CoreAdapter
from ciam_core.audit.checks import check_guards
from ciam_core.audit.telling import sink_of
from ciam_core.messages.checks import check_inbox
from ciam_core.messages.sms.checks import check_phones
from ciam_core.settings import conf


def register() -> None:
    for check in (check_middleware, check_user_model, check_classes, check_login_timeout, check_inbox, check_phones):
        checks.register(check)
    checks.register(check_guards, checks.Tags.database)
    checks.register(check_overrides, deploy=True)
    checks.register(check_values, deploy=True)


def check_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A middleware of ours is missing, so refusals become errors or required actions are not asked."""
    missing = [path for path in defaults.CIAM_MIDDLEWARE if path not in settings.MIDDLEWARE]
    hint = "Write MIDDLEWARE = [*MIDDLEWARE, *CIAM_MIDDLEWARE] below 'from ciam_core.defaults import *'."
    return [Error(f"MIDDLEWARE lacks {path!r}.", hint=hint, id="ciam_core.E102") for path in missing]


def check_user_model(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The flows need the fields and the state of ``AbstractCustomer``."""
    if issubclass(get_user_model(), AbstractCustomer):
        return []
    hint = "Use 'ciam_core.User', or subclass ciam_core.models.AbstractCustomer."
    return [Error(f"AUTH_USER_MODEL {settings.AUTH_USER_MODEL!r} is no customer.", hint=hint, id="ciam_core.E103")]


def check_classes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A class named in a setting cannot be loaded, or does not answer what it will be asked."""
    return list(_unusable_classes())


def _unusable_classes() -> Iterator[CheckMessage]:
    if not conf.check():
        if why := _why_not(conf().ADAPTER, CoreAdapter):
            yield Error(f"CIAM_CORE['ADAPTER'] {why}", id="ciam_core.E104")
        if why := _why_no_client(conf().BREACHED_PASSWORDS):
            yield Error(f"CIAM_CORE['BREACHED_PASSWORDS'] {why}", id="ciam_core.E105")
        for name, declared in conf().sinks.items():
            if why := _why_no_sink(declared):
                yield Error(f"CIAM_CORE['AUDIT_SINKS'][{name!r}] {why}", id="ciam_core.E107")
    # One that is not ours drops the stages: anybody comes in, whatever their state, with an address they never proved.
    if why := _why_not(getattr(settings, "ACCOUNT_ADAPTER", ""), AccountAdapter):
        yield Error(f"ACCOUNT_ADAPTER {why}", id="ciam_core.E106")


def _why_not(path: str, wanted: type) -> str:
    found, why = _load(path)
    if found is None or _is_kind_of(found, wanted):
        return why
    return f"names {path!r}, no subclass of {wanted.__module__}.{wanted.__name__}."


def _why_no_client(path: str | None) -> str:
    found, why = _load(path) if path is not None else (None, "")
    if found is None or callable(getattr(found, "count", None)):
        return why
    return f"names {path!r}, which has no 'count' (ciam_core.passwords.breached.BreachClient)."


def _why_no_sink(declared: dict[str, Any]) -> str:
    try:
        takes = callable(getattr(sink_of(declared), "take", None))
        return "" if takes else "has no 'take' (ciam_core.audit.sinks.Sink)."
    except Exception as error:  # whatever its module or its constructor raises
        return f"cannot be made: {type(error).__name__}: {error}."


def _load(path: str) -> tuple[Any, str]:
    """What ``path`` names, or None and why it cannot be had."""
    try:
        return import_string(path), ""
    except Exception as error:  # whatever that module raises
        return None, f"names {path!r}, which cannot be imported: {error}."


def check_login_timeout(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """allauth forgets a sign-in that waits for its code; the page and the mail say how long the code is good for."""
    if conf.check():
        return []
    longest = max(conf().VERIFY_LIFETIME, conf().SIGN_IN_LIFETIME)
    if timedelta(seconds=getattr(settings, "ACCOUNT_LOGIN_TIMEOUT", 15 * 60)) >= longest:
        return []
    text = "ACCOUNT_LOGIN_TIMEOUT is shorter than a mailed code is good for (VERIFY_LIFETIME, SIGN_IN_LIFETIME)."
    return [checks.Warning(text, hint=f"Set it to {int(longest.total_seconds())} seconds.", id="ciam_core.W103")]


def _as_shipped(name: str) -> Callable[[Any], bool]:
    return lambda value: bool(value == getattr(defaults, name))


def _is_kind_of(found: Any, *kinds: type) -> bool:
    return isinstance(found, type) and issubclass(found, kinds)


def _names(path: str, kind: type) -> bool:
    return _is_kind_of(_load(path)[0], kind)


def _one_password_door(backends: list[str]) -> bool:
    """Ours is there, and no other of Django's kind, which would try passwords as often as it is asked."""
    others = [path for path in backends if not _names(path, CiamBackend)]
    open_doors = [path for path in others if _names(path, ModelBackend) and not _names(path, RemoteUserBackend)]
    return len(others) < len(backends) and not open_doors


SAFE: dict[str, Callable[[Any], bool]] = {
    **{
        name: _as_shipped(name)
        for name in (
            "ACCOUNT_EMAIL_VERIFICATION",
            "SESSION_COOKIE_HTTPONLY",
            "SESSION_ENGINE",
            "SECURE_CONTENT_TYPE_NOSNIFF",
            "X_FRAME_OPTIONS",
        )
    },
    "PASSWORD_HASHERS": lambda value: list(value)[:1] == defaults.PASSWORD_HASHERS[:1],
    "AUTH_PASSWORD_VALIDATORS": lambda value: defaults.AUTH_PASSWORD_VALIDATORS[0] in value,
    "AUTHENTICATION_BACKENDS": _one_password_door,
    "HEADLESS_ADAPTER": lambda value: _names(value, HeadlessAdapter),
    "ACCOUNT_UNIQUE_EMAIL": lambda value: value is not False,
    "SESSION_COOKIE_NAME": lambda value: value.startswith("__Host-"),
    "CSRF_COOKIE_NAME": lambda value: value.startswith("__Host-"),
    "SESSION_COOKIE_SAMESITE": lambda value: value in ("Lax", "Strict"),
    "SESSION_COOKIE_AGE": lambda value: value <= 30 * 24 * 3600,  # NIST SP 800-63B-4 §2.1.3: at most 30 days
    "SECURE_CSP": lambda value: bool(value) and "'unsafe-inline'" not in str(value),
}
"""Which value of a setting is as safe as the one ``ciam_core.defaults`` ships."""


def check_overrides(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every setting that is weaker than ``ciam_core.defaults``, by its name."""
    weaker = [name for name, is_safe in SAFE.items() if not is_safe(getattr(settings, name, ""))]
    return [
        checks.Warning(
            f"{name} is weaker than in ciam_core.defaults.",
            hint=f"Remove it below 'from ciam_core.defaults import *'; the default is {getattr(defaults, name)!r}.",
            id="ciam_core.W101",
        )
        for name in weaker
    ]


def check_values(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every value of ``CIAM_CORE`` that may be chosen, and is weaker than it should be in production."""
    if conf.check():
        return []
    return [checks.Warning(f"CIAM_CORE: {text}", id="ciam_core.W102") for text in conf().weaknesses()]
