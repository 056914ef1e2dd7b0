"""Celery with a broker, where the suite runs its tasks eagerly and has none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app


@contextmanager
def broker(url: str) -> Iterator[None]:
    """While it lasts, tasks are sent to ``url``. Connections are pooled by the process: none outlives its broker."""
    app: Any = current_app
    kept = {name: app.conf[name] for name in ("task_always_eager", "broker_url")}
    app._after_fork()
    app.conf.update(task_always_eager=False, broker_url=url)
    try:
        yield
    finally:
        app._after_fork()
        app.conf.update(kept)
