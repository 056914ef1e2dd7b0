"""After ``migrate``: the trail has its guards and its partitions, whatever happened to them."""

from typing import Any

from django.db import connections, router
from django.db.models.signals import post_migrate

from ciam_core.audit import guards
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.partitions import make_partitions


def connect(app_config: Any) -> None:
    post_migrate.connect(_mend, sender=app_config, dispatch_uid="ciam_core.audit")


def _mend(using: str, **_: Any) -> None:
    if router.allow_migrate_model(using, AuditEvent):
        make_partitions(connections[using])
        guards.install(connections[using])
