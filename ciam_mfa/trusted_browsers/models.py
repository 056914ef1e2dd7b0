"""Browsers and apps in which one person is spared the second factor."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Channel


class TrustedBrowser(models.Model):
    """Trust of one person. Several people of one browser share its token, not a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    channel = models.CharField(max_length=16, default=Channel.BROWSER.value)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token its cookie or app holds.")
    bound = models.CharField(max_length=64, help_text="Digest of what changes with the password, which ends it.")
    agent = models.CharField(max_length=300, blank=True, help_text="User-Agent it was trusted with.")
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("trusted browser")
        verbose_name_plural = _("trusted browsers")
        constraints = [models.UniqueConstraint(fields=["digest", "user"], name="ciam_trusted_browser_once")]

    def __str__(self) -> str:
        return str(self.pk)
