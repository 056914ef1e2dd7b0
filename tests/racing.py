"""Several callers at the same instant, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def race(act: Callable[[], Any], *, times: int = 50) -> list[Any]:
    """Run ``act`` in ``times`` threads at once; what each returned, or the exception it raised.

    For tests marked ``django_db(transaction=True)`` and ``postgresql``: SQLite would only take them in turn.
    """
    start = Barrier(times)

    def run(_: int) -> Any:
        try:
            connections["default"].ensure_connection()
            start.wait(timeout=30)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
