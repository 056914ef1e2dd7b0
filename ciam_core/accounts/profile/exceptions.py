from typing import Any

from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import InvalidError


class ProfileRefused(InvalidError):
    """``problems``: attribute name → messages, for the fields they belong beside."""

    code = "profile.refused"
    message = _("Check what you entered.")

    def __init__(self, problems: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__(errors=problems)
        self.problems = problems
