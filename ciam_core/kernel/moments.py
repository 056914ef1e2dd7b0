"""Moments as people say them."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60


def ago(moment: datetime) -> str:
    """ "3 minutes ago"; the date of what is a month old or more."""
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        count = seconds // _MINUTE
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    if seconds < _DAY:
        count = seconds // _HOUR
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    if seconds < 30 * _DAY:
        count = seconds // _DAY
        return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}
    return str(formats.date_format(timezone.localtime(moment), "DATE_FORMAT"))
