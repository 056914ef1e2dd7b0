"""Sign-in and security: every way in and every protection, one row each, from whichever app brings it."""

from typing import Any

from ciam_core.accounts.views.base import InsidePage
from ciam_core.kernel.context import security_rows


class Security(InsidePage):
    template_name = "ciam_core/accounts/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.person
        return super().get_context_data(rows=list(filter(None, (row.show(user) for row in security_rows))), **kwargs)
