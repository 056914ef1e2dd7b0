"""The Celery tasks of ``ciam_core``; they belong in the beat schedule (``ciam_core.defaults``)."""

from contextlib import suppress
from importlib import import_module

from celery import shared_task
from django.conf import settings

from ciam_core.accounts.flows.erase import erase_due
from ciam_core.audit import telling
from ciam_core.audit.checkpoints import is_due, make_checkpoint
from ciam_core.audit.retention import retire
from ciam_core.audit.sequencer import sequence
from ciam_core.sessions.flows import sweep_devices


@shared_task(name="ciam_core.clear_sessions", acks_late=True, ignore_result=True)
def clear_sessions() -> None:
    """Delete the sessions that have expired, as ``manage.py clearsessions`` does, and devices long unused."""
    sweep_devices()
    with suppress(NotImplementedError):  # an engine whose store forgets by itself
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="ciam_core.erase", acks_late=True, ignore_result=True)
def erase() -> None:
    """Erase the accounts whose grace period is over, as ``manage.py ciam_erase`` does."""
    erase_due()


@shared_task(name="ciam_core.sequence_trail", acks_late=True, ignore_result=True)
def sequence_trail() -> None:
    """Number what has committed, sign a checkpoint when one is due, and send off those who tell the sinks."""
    sequence()
    if is_due():
        make_checkpoint()
    for name in telling.waiting():
        tell_sink.delay(name)


@shared_task(name="ciam_core.tell_sink", acks_late=True, ignore_result=True)
def tell_sink(name: str) -> None:
    """Hand one sink the checkpoints it has not had. Each has a task of its own: one that is down holds up no other."""
    telling.tell(name)


@shared_task(name="ciam_core.retire_trail", acks_late=True, ignore_result=True)
def retire_trail() -> None:
    """Make the months ahead, and let go of what is older than ``AUDIT_RETENTION``."""
    retire()
