"""What ``ciam_core.federation`` adds to the kernel's registries."""

from django.utils.translation import gettext_lazy as _

from ciam_core.federation.events import IdentityLinked, IdentityUnlinked
from ciam_core.federation.flows import unlink_lost
from ciam_core.federation.queries import added_identities, exported_identities
from ciam_core.federation.rows import linked_row, offered
from ciam_core.kernel.activities import activities, always
from ciam_core.kernel.context import SecurityRow, security_rows, ways_in
from ciam_core.kernel.personal_data import Erase, declare
from ciam_core.kernel.revocation import added_ways_in, revokers
from ciam_core.kernel.routes import api_modules, url_modules
from ciam_core.kernel.typing import User
from ciam_core.settings import conf as core

RECENT_ENDS = ("locked_down", "address_change_undone")
"""Reasons of ``end_all_access`` after which what was linked lately is not believed."""
ALL_END = "address_proven_by_another"
"""Whoever had the account before was a stranger."""


def register() -> None:
    url_modules.add("ciam_federation", "ciam_core.federation.urls")
    api_modules.add("ciam_federation", "ciam_core.federation.api_urls")
    ways_in.add("ciam_federation", offered)
    covers = ("ciam_linked_accounts", "ciam_federation_finish")
    security_rows.add("linked_accounts", SecurityRow(linked_row, covers=covers))
    revokers.add("ciam_federation", _end_identities)
    added_ways_in.add("ciam_federation", added_identities)
    activities.add(IdentityLinked.name, always(_("An account elsewhere was linked")))
    activities.add(IdentityUnlinked.name, always(_("An account elsewhere was unlinked")))
    _declare_personal_data()


def _end_identities(user: User, reason: str) -> None:
    if reason == ALL_END:
        unlink_lost(user, reason, within=None)
    elif reason in RECENT_ENDS:
        unlink_lost(user, reason, within=max(core().WASNT_ME_LIFETIME, core().UNDO_LIFETIME))


def _declare_personal_data() -> None:
    declare(
        "socialaccount.SocialToken",
        subject="account__user_id",
        on_erase=Erase.DELETE,
        fields=["expires_at"],  # none is stored; a host that had them before loses them
        order=-1,
    )
    declare(
        "socialaccount.SocialAccount",
        subject="user_id",
        on_erase=Erase.DELETE,
        fields=["provider", "uid", "extra_data", "last_login", "date_joined"],
        export=exported_identities,
    )
