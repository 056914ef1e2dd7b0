"""What ``manage.py check --database default`` says about the trail: W104 a guard is missing."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import connections, router

from ciam_core.audit import guards
from ciam_core.audit.models import AuditEvent


def check_guards(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Rows of the trail could be changed or removed. A warning: ``migrate``, which mends it, stops at errors."""
    guarded = [alias for alias in databases or () if router.allow_migrate_model(alias, AuditEvent)]
    absent = [(alias, *pair) for alias in guarded for pair in guards.missing(connections[alias])]
    return [
        checks.Warning(
            f"The audit trail is not guarded: {guard!r} on {table!r} ({alias!r}) is missing, off or not ours.",
            hint="Run 'manage.py migrate', which puts it back, then 'manage.py ciam_audit verify'.",
            id="ciam_core.W104",
        )
        for alias, table, guard in absent
    ]
