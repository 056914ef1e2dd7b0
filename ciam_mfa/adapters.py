"""Questions only the host can answer."""

from typing import Any


class MfaAdapter:
    """Override the ones your product answers otherwise, and name your class in ``CIAM_MFA["ADAPTER"]``."""

    def must_have_second_factor(self, user: Any) -> bool:
        """Must ``user`` have a second factor, besides staff and the groups of the settings? (a company's rule, who may
        pay out)

        Asked once a sign-in and once an hour in each session: one statement is no matter, a call elsewhere is.
        """
        return False
