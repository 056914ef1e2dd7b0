"""How many statements something costs, those apart that begin and end a transaction."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

_BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


def data_statements(act: Callable[[], Any]) -> list[str]:
    """What ``act`` asked the database, without the bounds of its transactions."""
    with CaptureQueriesContext(connection) as captured:
        act()
    asked = [query["sql"].strip() for query in captured.captured_queries]
    return [sql for sql in asked if not sql.upper().startswith(_BOUNDS)]
