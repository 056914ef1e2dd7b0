"""What is done with the trail, and is itself on it."""

from ciam_core.events import TrailUnsealed
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin


@flow
def note_unsealing(subject_id: str | None, *, names: tuple[str, ...], origin: Origin, actor_id: str | None) -> None:
    """Note that personal details of the trail are about to be read: those of one person, or of everybody (None)."""
    emit(TrailUnsealed(subject_id=subject_id, names=names, origin=origin, actor_id=actor_id))
