from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from ciam_core.audit.guards import lifted


class Command(Flush):
    """Django's ``flush``, which empties every table: the audit trail lets it, and is guarded again after."""

    def handle(self, **options: Any) -> None:
        with lifted(connections[options["database"]]):
            super().handle(**options)
