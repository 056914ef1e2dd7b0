"""The Celery tasks of ``ciam_mfa``; they belong in the beat schedule (docs/mfa/README.md)."""

from celery import shared_task

from ciam_mfa.step_up.holding import sweep_held_requests
from ciam_mfa.trusted_browsers.flows import sweep_trusted_browsers


@shared_task(name="ciam_mfa.sweep", acks_late=True, ignore_result=True)
def sweep() -> None:
    """Delete trust and held requests that have expired. Neither is honoured until then."""
    sweep_trusted_browsers()
    sweep_held_requests()
