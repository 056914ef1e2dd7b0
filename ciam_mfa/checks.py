"""System checks of ``ciam_mfa``.

E001-E004 come from the settings schema (``Conf.check``), E301 a missing app, E302 nobody who answers refusals,
E303 texts that nobody can send, E304 a rule that nobody keeps,
E305 an adapter that is none.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
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
