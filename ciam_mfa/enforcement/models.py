"""Since when a person must have a second factor."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FactorDemand(models.Model):
    """Written once, when a rule is first found to concern somebody who has no factor, and kept: neither signing in
    anew nor leaving the group for a day begins the time to enrol again.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("demand of a second factor")
        verbose_name_plural = _("demands of a second factor")

    def __str__(self) -> str:
        return str(self.pk)
