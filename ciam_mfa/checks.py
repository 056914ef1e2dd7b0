"""System checks of ``ciam_mfa``.

E001-E004 come from the settings schema (``Conf.check``), E301 a missing app, E302 nobody who answers refusals,
E303 texts that nobody can send, E304 a rule that nobody keeps, E305 an adapter that is none, E306 what clients of
allauth need and do not find; with ``--database`` W307 factors that nobody is asked for.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django calls it so
from django.db import connections
from django.utils.module_loading import import_string

from ciam_core.kernel.texting import texter
from ciam_mfa.adapters import MfaAdapter
from ciam_mfa.enforcement.queries import has_rules
from ciam_mfa.settings import conf

REFUSALS = "ciam_core.kernel.refusals.RefusalMiddleware"
REQUIRED_ACTIONS = "ciam_core.kernel.required_actions.RequiredActionsMiddleware"


def register() -> None:
    checks.register(check_apps)
    checks.register(check_middleware)
    checks.register(check_texts)
    checks.register(check_rules)
    checks.register(check_adapter)
    checks.register(check_allauth_clients)
    checks.register(check_left_behind, checks.Tags.database)


def check_apps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ciam_mfa stands on the kernel and on django-otp."""
    return [
        Error(f"INSTALLED_APPS lacks {name!r}.", hint="ciam_mfa stands on it.", id="ciam_mfa.E301")
        for name in ("ciam_core.kernel", "django_otp")
        if not apps.is_installed(name)
    ]


def check_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A sign-in that is held back must lead to the challenge, not to a server error."""
    signs_in = "django.contrib.auth.middleware.AuthenticationMiddleware" in settings.MIDDLEWARE
    if not signs_in or REFUSALS in settings.MIDDLEWARE:
        return []
    text = f"MIDDLEWARE lacks {REFUSALS!r}: who owes a second factor would see a server error."
    return [Error(text, hint="Add it at the end.", id="ciam_mfa.E302")]


def check_texts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Codes by text message need somebody who sends texts."""
    if conf.check() or not conf().TEXT_MESSAGES or texter() is not None:
        return []
    hint = "With ciam_core set CIAM_CORE['PHONES'] and SMS_BACKEND; alone add a Texter to ciam_core.kernel.texting."
    return [Error("CIAM_MFA['TEXT_MESSAGES'] is on, and nobody sends texts.", hint=hint, id="ciam_mfa.E303")]


def check_rules(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Who must have a second factor is held up by a middleware."""
    if conf.check() or not has_rules() or REQUIRED_ACTIONS in settings.MIDDLEWARE:
        return []
    text = f"CIAM_MFA demands second factors, and MIDDLEWARE lacks {REQUIRED_ACTIONS!r}: nobody is held to it."
    return [Error(text, hint="Add it after RefusalMiddleware.", id="ciam_mfa.E304")]


def check_adapter(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A rule of the host's that cannot be asked would be a server error at each sign-in."""
    if conf.check():
        return []
    try:
        named = import_string(conf().ADAPTER)
    except ImportError as error:
        return [Error(f"CIAM_MFA['ADAPTER'] cannot be imported: {error}", id="ciam_mfa.E305")]
    if isinstance(named, type) and issubclass(named, MfaAdapter):
        return []
    return [Error("CIAM_MFA['ADAPTER'] names no subclass of MfaAdapter.", id="ciam_mfa.E305")]


ADAPTER = "ciam_mfa.integrations.allauth_adapter.MFAAdapter"


def check_left_behind(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What people enrolled with ``allauth.mfa`` itself protects them no longer, and they do not know."""
    if not apps.is_installed("allauth.mfa"):
        return []
    told = "allauth's own table holds factors, and nobody is asked for them: {} of them in {!r}."
    hint = "Ask these people to enrol again, then delete the rows: docs/mfa/allauth-clients.md."
    left = _left(databases or ())
    return [Warning(told.format(count, alias), hint=hint, id="ciam_mfa.W307") for alias, count in left]


def _left(databases: Sequence[str]) -> Iterator[tuple[str, int]]:
    kept = apps.get_app_config("mfa").get_model("Authenticator")
    for alias in databases:
        is_there = kept._meta.db_table in connections[alias].introspection.table_names()
        if is_there and (count := kept._default_manager.using(alias).count()):
            yield alias, count


def check_allauth_clients(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Clients written for ``allauth.mfa`` read what allauth tells them, so it must ask us."""
    if conf.check() or not conf().ALLAUTH_CLIENTS:
        return []
    asked = {
        "INSTALLED_APPS lacks 'ciam_core', whose sign-in they speak to.": apps.is_installed("ciam_core"),
        "INSTALLED_APPS lacks 'allauth.mfa', which tells them of the challenge.": apps.is_installed("allauth.mfa"),
        f"MFA_ADAPTER must be {ADAPTER!r}, or they are told that nobody has a factor.": _adapts(),
        "MFA_SUPPORTED_TYPES must be [], or they offer to manage factors where nothing answers.": (
            list(getattr(settings, "MFA_SUPPORTED_TYPES", ["totp"])) == []
        ),
    }
    hint = "Set it, or turn CIAM_MFA['ALLAUTH_CLIENTS'] off: docs/mfa/allauth-clients.md."
    return [Error(text, hint=hint, id="ciam_mfa.E306") for text, holds in asked.items() if not holds]


def _adapts() -> bool:
    named = getattr(settings, "MFA_ADAPTER", "")
    if named == ADAPTER or not apps.is_installed("allauth.mfa"):
        return True
    try:
        return issubclass(import_string(named), import_string(ADAPTER))
    except (ImportError, TypeError):
        return False
