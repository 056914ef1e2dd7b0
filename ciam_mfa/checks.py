"""System checks of ``ciam_mfa``.

E001-E004 come from the settings schema (``Conf.check``), E301 a missing app, E302 nobody who answers refusals,
E303 texts that nobody can send.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

from ciam_core.kernel.texting import texter
from ciam_mfa.settings import conf

REFUSALS = "ciam_core.kernel.refusals.RefusalMiddleware"


def register() -> None:
    checks.register(check_apps)
    checks.register(check_middleware)
    checks.register(check_texts)


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
