"""What the pages say of an account in one line each: how it is reached, and how one signs in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ciam_core.accounts.queries import addresses_of


def address_row(user: Any) -> dict[str, Any]:
    others = addresses_of(user).filter(primary=False).count() if user.email else 0
    more = ngettext("and %(count)d more", "and %(count)d more", others) % {"count": others} if others else ""
    value = " ".join(filter(None, (user.email, more))) or _("None")
    action = _("Manage") if user.email else _("Add")
    return {"label": _("Email addresses"), "value": value, "url": reverse("ciam_addresses"), "action": action}


def password_row(user: Any) -> dict[str, Any]:
    has_one = user.has_usable_password()
    by = _("None: you sign in with a code by email") if user.email else _("None: you sign in with a code by text")
    value = pgettext("password", "Set") if has_one else by
    return {"label": _("Password"), "value": value, "url": reverse("ciam_change_password"), "action": _("Change")}
