"""The Celery tasks of ``ciam_core``; they belong in the beat schedule (``ciam_core.defaults``)."""

from contextlib import suppress
from importlib import import_module

from celery import shared_task
from django.conf import settings

from ciam_core.sessions.flows import sweep_devices


@shared_task(name="ciam_core.clear_sessions", acks_late=True, ignore_result=True)
def clear_sessions() -> None:
    """Delete the sessions that have expired, as ``manage.py clearsessions`` does, and devices long unused."""
    sweep_devices()
    with suppress(NotImplementedError):  # an engine whose store forgets by itself
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
