"""What somebody was about to do when they were asked to show again who they are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.ids import uuid7


class HeldRequest(models.Model):
    """The body of a form, sealed, for the session that knows its id; used once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    sealed = models.TextField(help_text="Address and fields, sealed.")
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("held request")
        verbose_name_plural = _("held requests")

    def __str__(self) -> str:
        return str(self.pk)
