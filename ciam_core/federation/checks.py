"""System checks of ``ciam_core.federation``.

E001-E004 come from the settings schema (``Conf.check``; a missing secret and an issuer without https among them), E201
another adapter for allauth's social sign-in; with ``--deploy`` W201 an issuer on this machine, W202 tokens of providers
stored in clear, W203 no provider.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

from ciam_core.federation.defaults import SOCIALACCOUNT_ADAPTER
from ciam_core.federation.presets import is_loopback
from ciam_core.federation.settings import conf


def register() -> None:
    checks.register(check_adapter)
    checks.register(check_production, deploy=True)


def check_adapter(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """allauth's own reads providers from a table that nothing here looks at."""
    if getattr(settings, "SOCIALACCOUNT_ADAPTER", "") == SOCIALACCOUNT_ADAPTER:
        return []
    text = "SOCIALACCOUNT_ADAPTER is not that of ciam_core.federation."
    hint = "Write 'from ciam_core.federation.defaults import *' below 'from ciam_core.defaults import *'."
    return [Error(text, hint=hint, id="ciam_federation.E201")]


def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What works on a desk and is not safe, or of no use, in production."""
    return [] if conf.check() else list(_weak())


def _weak() -> Iterator[CheckMessage]:
    for own in conf().providers.values():
        if is_loopback(own.issuer):
            text = f"CIAM_FEDERATION: the issuer of {own.id!r} is a server on this machine, without https."
            yield checks.Warning(text, hint="Name the issuer your customers know.", id="ciam_federation.W201")
    if getattr(settings, "SOCIALACCOUNT_STORE_TOKENS", False):
        text = "SOCIALACCOUNT_STORE_TOKENS is on; nothing here stores tokens of providers."
        yield checks.Warning(text, hint="Remove it.", id="ciam_federation.W202")
    if not conf().providers:
        text = "CIAM_FEDERATION['PROVIDERS'] is empty: the app is installed and offers nothing."
        yield checks.Warning(text, hint="Declare one, or leave the app out.", id="ciam_federation.W203")
