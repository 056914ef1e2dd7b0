"""Checkpoints: how long the trail is and the root of its tree, signed, each naming the one before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from ciam_core.audit import signing
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.models import AuditCheckpoint, AuditSequence
from ciam_core.audit.sequencer import last_number
from ciam_core.audit.tree import Tree
from ciam_core.kernel.conf import conf as kernel
from ciam_core.settings import conf

_FIELDS = ("number", "size", "root", "previous", "made_at", "origin", "public_key", "signature")
_PAGE = 20_000


def make_checkpoint() -> AuditCheckpoint | None:
    """Sign what has been numbered since the last checkpoint, or None where nothing has.

    It grows the tree of the last one, so that one is looked at first: on what does not hold nothing is signed
    (``TrailBroken``). Of two at once one is kept, by its number.
    """
    last = AuditCheckpoint.objects.order_by("-number").first()
    size = last_number()
    if size <= (last.size if last else 0):
        return None
    tree = tree_of(last)
    for leaf in _leaves(after=tree.size, through=size):
        tree.add(leaf)
    made = AuditCheckpoint(
        number=last.number + 1 if last else 1,
        size=tree.size,
        root=tree.root.hex(),
        previous=digest(last) if last else "",
        made_at=timezone.now(),
        origin=kernel().PUBLIC_URL,
        public_key=signing.public_key(),
        peaks=" ".join(peak.hex() for peak in tree.peaks),
    )
    made.signature = signing.sign(signed_part(made))[1]
    with transaction.atomic():
        return made if AuditCheckpoint.objects.bulk_create([made], ignore_conflicts=True) else None


def is_due() -> bool:
    """Whether the last checkpoint is older than ``AUDIT_CHECKPOINT_EVERY``."""
    last = AuditCheckpoint.objects.order_by("-number").values_list("made_at", flat=True).first()
    return last is None or last <= timezone.now() - conf().AUDIT_CHECKPOINT_EVERY


def tree_of(checkpoint: AuditCheckpoint | None) -> Tree:
    """The tree ``checkpoint`` stands for, to grow on, if it is signed and its peaks are what was signed."""
    if checkpoint is None:
        return Tree()
    require_signed(checkpoint)
    tree = Tree(checkpoint.size, map(bytes.fromhex, checkpoint.peaks.split()))
    if tree.root.hex() != checkpoint.root:
        raise TrailBroken(f"checkpoint {checkpoint.number}", "its peaks are not those of its root")
    return tree


def require_signed(checkpoint: AuditCheckpoint) -> None:
    name = f"checkpoint {checkpoint.number}"
    if checkpoint.public_key not in signing.trusted_keys():
        raise TrailBroken(name, "it is signed with a key that is not trusted (AUDIT_PUBLIC_KEYS)")
    told = {"public_key": checkpoint.public_key, "signature": checkpoint.signature}
    if not signing.is_signed(signed_part(checkpoint), **told):
        raise TrailBroken(name, "its signature is not of what it says")


def signed_part(checkpoint: AuditCheckpoint) -> bytes:
    """Seven lines: the form's name, origin, number, size, root, previous, time. Pinned, like the bytes of a leaf."""
    lines = (checkpoint.origin, checkpoint.number, checkpoint.size, checkpoint.root, checkpoint.previous)
    return "".join(f"{line}\n" for line in ("ciam-audit-checkpoint-1", *lines, _told_at(checkpoint.made_at))).encode()


def digest(checkpoint: AuditCheckpoint) -> str:
    return sha256(signed_part(checkpoint) + bytes.fromhex(checkpoint.signature)).hexdigest()


def as_told(checkpoint: AuditCheckpoint) -> dict[str, Any]:
    """What a sink is handed: all that is needed to check it elsewhere."""
    told = {name: getattr(checkpoint, name) for name in _FIELDS}
    return {**told, "made_at": _told_at(checkpoint.made_at)}


def forgettable() -> int:
    """The number through which events may be gone: what a checkpoint older than ``AUDIT_RETENTION`` stands for."""
    kept = conf().AUDIT_RETENTION
    if kept is None:
        return 0
    old = AuditCheckpoint.objects.filter(made_at__lt=timezone.now() - kept)
    return old.order_by("-number").values_list("size", flat=True).first() or 0


def _leaves(*, after: int, through: int) -> Iterator[bytes]:
    while after < through:
        page = AuditSequence.objects.filter(number__gt=after, number__lte=through).order_by("number")[:_PAGE]
        found = list(page.values_list("number", "leaf"))
        for number, leaf in found:
            after += 1
            if number != after:
                break
            yield bytes.fromhex(leaf)
        if not found or found[-1][0] != after:
            raise TrailBroken(f"event {after + (not found)}", "its number is missing")


def _told_at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
