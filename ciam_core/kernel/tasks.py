"""The kernel's Celery tasks. Arguments are ids only: what a task needs is in the database.

``sweep`` belongs in the beat schedule, every half minute: it is what finds a row whose message to the broker was lost.
"""

from celery import shared_task

from ciam_core.kernel import attempts, outbox, proofs


@shared_task(name="ciam_kernel.deliver", acks_late=True, ignore_result=True)
def deliver(outbox_id: str) -> None:
    outbox.deliver(outbox_id)


@shared_task(name="ciam_kernel.sweep", acks_late=True, ignore_result=True)
def sweep() -> None:
    """Send due deliveries off again; delete expired proofs and counts."""
    outbox.sweep_outbox()
    proofs.sweep_proofs()
    attempts.sweep_attempts()
