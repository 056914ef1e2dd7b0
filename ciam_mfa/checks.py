"""System checks of ``ciam_mfa``.

E001-E004 come from the settings schema (``Conf.check``), E301 a missing app, E302 nobody who answers refusals.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

REFUSALS = "ciam_core.kernel.refusals.RefusalMiddleware"


def register() -> None:
    checks.register(check_apps)
    checks.register(check_middleware)


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
