"""What the kernel itself adds to its registries; called once, from ``AppConfig.ready()``."""

from django.utils import timezone

from ciam_core.kernel.models import Outbox, Proof
from ciam_core.kernel.personal_data import Erase, declare
from ciam_core.kernel.revocation import revokers, spared_purposes
from ciam_core.kernel.secrets import reencryptions, reseal
from ciam_core.kernel.secrets.rotation import Resealed
from ciam_core.kernel.typing import User


def register_kernel() -> None:
    revokers.add("ciam_kernel.proofs", _void_proofs)
    reencryptions.add("ciam_kernel.outbox", _reseal_outbox)
    # Not declared: Attempt holds keyed digests that expire, PersonKey is the last step of every erasure.
    declare(Proof._meta.label, subject="subject_id", on_erase=Erase.DELETE, fields=["purpose", "address", "created_at"])
    declare(Outbox._meta.label, subject="subject_id", on_erase=Erase.DELETE, fields=["kind", "created_at", "sent_at"])


def _void_proofs(user: User, reason: str) -> None:
    now = timezone.now()
    live = Proof.objects.filter(subject_id=str(user.pk), used_at=None, expires_at__gt=now)
    live.exclude(purpose__in=spared_purposes.names()).update(used_at=now)


def _reseal_outbox(batch: int) -> Resealed:
    return reseal(Outbox, "sealed", context=lambda pk: f"ciam_kernel.Outbox:{pk}", batch=batch)
