"""What the pages say of a person's second factors in one line."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ciam_mfa.factors.demand import demanded_by
from ciam_mfa.factors.queries import Enrolled, authenticators_of, demands_second_factor

PAGES = ("ciam_factors", "ciam_authenticator", "ciam_remove_authenticator", "ciam_trusted_browsers")


def second_factor_row(user: Any) -> dict[str, Any]:
    enrolled = authenticators_of(user)
    value = ", ".join(dict.fromkeys(map(in_words, enrolled))) or pgettext("second factors", "None")
    action = _("Manage") if enrolled else _("Set up")
    return {"label": _("Second factors"), "value": value, "url": reverse("ciam_factors"), "action": action}


def in_words(own: Enrolled) -> str:
    if own.disabled_at is not None:
        return _("%(factor)s (turned off)") % {"factor": own.factor.title}
    if own.left is None:
        return str(own.factor.title)
    return ngettext("%(factor)s (%(left)d left)", "%(factor)s (%(left)d left)", own.left) % {
        "factor": own.factor.title,
        "left": own.left,
    }


def suggestion_row(user: Any) -> dict[str, Any] | None:
    """On the overview: the one thing that would protect the account most; by when, where a rule demands it."""
    enrolled = authenticators_of(user)
    if due_at := demanded_by(user, enrolled):
        return {
            "label": _("Add a second factor"),
            "value": needed_by(due_at),
            "url": reverse("ciam_factors"),
            "action": _("Set up"),
        }
    if demands_second_factor(enrolled):
        return None
    return {
        "label": _("Protect your account"),
        "value": _("Whoever knows your password, or reads your email, can sign in as you. A second factor stops them."),
        "url": reverse("ciam_factors"),
        "action": _("Set up"),
    }


def needed_by(due_at: datetime) -> str:
    """What somebody is told who must have a second factor."""
    if due_at <= timezone.now():
        return _("Your account must have a second factor. Add one to go on.")
    when = formats.date_format(timezone.localtime(due_at), "DATETIME_FORMAT")
    return _("Your account must have a second factor by %(when)s. After that you cannot go on without one.") % {
        "when": when
    }
