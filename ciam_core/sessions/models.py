"""The list a person sees is the table that lets them in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Channel


class Device(models.Model):
    """A browser or an app one person has signed in on. Several people of one browser share its token, not a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token its cookie or app holds.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    agent = models.CharField(max_length=300, blank=True, help_text="User-Agent of the last sign-in.")
    first_used_at = models.DateTimeField(_("first used"))
    last_used_at = models.DateTimeField(_("last used"))

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [models.UniqueConstraint(fields=["digest", "user"], name="ciam_device_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Session(models.Model):
    """Who a cookie or an app's token speaks for; without a person, what a stranger does before signing in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    channel = models.CharField(max_length=16, default=Channel.BROWSER.value)
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="+")
    agent = models.CharField(max_length=300, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True)
    methods = models.CharField(max_length=120, blank=True, help_text="How the person signed in, in order.")
    level = models.PositiveSmallIntegerField(default=Level.AAL1.value, help_text="NIST SP 800-63B-4 assurance level.")
    auth_hash = models.CharField(max_length=128, blank=True, help_text="Changes with the password.")
    data = models.TextField(default="{}", help_text="What else Django keeps in a session, as JSON.")
    created_at = models.DateTimeField(_("signed in"))
    last_used_at = models.DateTimeField(_("last used"))
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return str(self.pk)
