"""A person's recovery codes: one set at a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.secrets import SealedField
from ciam_mfa.factors.models import Authenticator


class RecoveryCodeSet(Authenticator):
    """``pepper`` keys the digests of its codes, so that they outlive a change of the key ring."""

    pepper = SealedField(editable=False, help_text="32 random bytes, in hex.")

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user"], name="ciam_recovery_codes_one_set")]


class RecoveryCode(models.Model):
    """One code, as a digest. Spent by a conditional ``UPDATE`` of ``used_at``."""

    set = models.ForeignKey(RecoveryCodeSet, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["set", "digest"], name="ciam_recovery_code_once")]

    def __str__(self) -> str:
        return str(self.pk)
