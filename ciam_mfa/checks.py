"""System checks of ``ciam_mfa``.

E001-E004 come from the settings schema (``Conf.check``), E301 a missing app.
"""

from typing import Any

from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage, Error


def register() -> None:
    checks.register(check_apps)


def check_apps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """ciam_mfa stands on the kernel and on django-otp."""
    return [
        Error(f"INSTALLED_APPS lacks {name!r}.", hint="ciam_mfa stands on it.", id="ciam_mfa.E301")
        for name in ("ciam_core.kernel", "django_otp")
        if not apps.is_installed(name)
    ]
