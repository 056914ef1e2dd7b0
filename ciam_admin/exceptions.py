"""Why something was refused to staff."""

from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import ForbiddenError, InvalidError


class OwnAccount(ForbiddenError):
    code = "staff.own_account"
    message = _("This is your own account. Use your account pages, or ask a colleague.")


class AboveYou(ForbiddenError):
    code = "staff.above_you"
    message = _("This person is a superuser. Only another superuser may do this.")


class RevealReasonUnknown(InvalidError):
    code = "staff.reason_unknown"
    message = _("Choose one of the reasons.")
    field = "reason"


__all__ = ["AboveYou", "OwnAccount", "RevealReasonUnknown"]
