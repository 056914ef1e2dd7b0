"""Sign-in and security, where no other app has such a page."""

from typing import Any

from ciam_core.kernel.context import security_rows
from ciam_core.kernel.pages import Page, SignedIn


class Security(SignedIn, Page):
    template_name = "ciam_mfa/factors/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(filter(None, (row.show(self.person) for row in security_rows)))
        return super().get_context_data(rows=rows, **kwargs)
