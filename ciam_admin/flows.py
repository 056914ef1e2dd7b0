"""Every change of state that only staff make. What customers may do too is a flow of ``ciam_core``."""

from ciam_admin.console.core.flows import change_rights, record_export, reveal_event, reveal_part, reveal_person

__all__ = ["change_rights", "record_export", "reveal_event", "reveal_part", "reveal_person"]
