"""What the page "Sign-in and security" says of phone numbers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciam_core.accounts.phones.queries import proven_phones_of
from ciam_core.settings import conf


def phone_row(user: Any) -> dict[str, Any]:
    """Nothing while ``PHONES`` is off."""
    if conf().PHONES == "off":
        return {}
    held = list(proven_phones_of(user))
    others = len(held) - 1
    more = ngettext("and %(count)d more", "and %(count)d more", others) % {"count": others} if others > 0 else ""
    value = " ".join(filter(None, (held[0].hint, more))) if held else _("None")
    action = _("Manage") if held else _("Add")
    return {"label": _("Phone"), "value": value, "url": reverse("ciam_phones"), "action": action}
