"""Second factors that staff are about to take away."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FactorReset(models.Model):
    """At ``due_at`` all of a person's second factors go; until then it can be stopped. There is one at a time."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(max_length=64)
    actor_id = models.CharField(max_length=64, blank=True, help_text="Who of the staff asked for it.")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("reset of second factors")
        verbose_name_plural = _("resets of second factors")

    def __str__(self) -> str:
        return str(self.pk)
