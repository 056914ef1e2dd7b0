"""Celery with a broker, where the suite runs its tasks eagerly and has none."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app


@contextmanager
def broker(url: str) -> Iterator[None]:
    """While it lasts, tasks are sent to ``url``. Connections are pooled by the process: none outlives its broker."""
    kept = {name: current_app.conf[name] for name in ("task_always_eager", "broker_url")}
    current_app._after_fork()
    current_app.conf.update(task_always_eager=False, broker_url=url)
    try:
        yield
    finally:
        current_app._after_fork()
        current_app.conf.update(kept)
