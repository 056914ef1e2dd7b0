"""What ``ciam_admin`` reports. A name, once released, never changes."""

from dataclasses import dataclass

from ciam_core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonalDataRevealed(Event):
    """Staff saw personal values in clear: of the account, of one ``event`` of the trail, or of a ``part``.

    ``part``: ``sessions`` (where they were begun) or ``devices`` (what they are called), a page of the list each.
    """

    name = "staff.personal_data_revealed"
    reason: str
    ticket: str = ""
    event: str = ""
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class RightsChanged(Event):
    """``rights``: which of ``is_staff``, ``is_superuser``, ``groups`` and ``user_permissions`` are others now."""

    name = "staff.rights_changed"
    rights: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TrailExported(Event):
    """Staff took a copy of the trail away, without what is sealed. ``subject_id``: whose, where it was one person's."""

    name = "staff.trail_exported"
    form: str
    filters: tuple[str, ...] = ()


__all__ = ["PersonalDataRevealed", "RightsChanged", "TrailExported"]
