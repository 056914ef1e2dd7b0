"""The accounts elsewhere that open a person's."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ciam_admin.console.core.queries import LATEST
from ciam_admin.console.tables import Row, Table
from ciam_core.federation.queries import identities_of, provider_name


def linked_accounts(user: Any) -> Table:
    """As their owner sees them: the address there was masked before it was kept."""
    rows = [
        Row((provider_name(own.provider), own.extra_data.get("address") or "—", own.date_joined, own.last_login))
        for own in identities_of(user)[:LATEST]
    ]
    columns = (_("Provider"), _("Address"), _("Linked"), _("Last used"))
    return Table(title=_("Linked accounts"), columns=columns, rows=rows)
