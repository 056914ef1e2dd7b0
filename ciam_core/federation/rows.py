"""One line of "Sign-in and security", and the buttons beside the sign-in form."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ciam_core.federation.queries import identities_of, provider_name
from ciam_core.federation.settings import conf
from ciam_core.kernel.context import WayIn


def linked_row(user: Any) -> dict[str, Any]:
    names = dict.fromkeys(provider_name(row.provider) for row in identities_of(user))
    value = ", ".join(names) or pgettext("linked accounts", "None")
    return {
        "label": _("Linked accounts"),
        "value": value,
        "url": reverse("ciam_linked_accounts"),
        "action": _("Manage"),
    }


def offered() -> list[WayIn]:
    return [
        WayIn(
            label=_("Continue with %(name)s") % {"name": own.name},
            url=reverse("ciam_federation_start", args=[own.id]),
            mark=f"ciam_federation/marks/{own.mark}.html",
        )
        for own in conf().providers.values()
    ]
