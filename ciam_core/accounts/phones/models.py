"""The phone numbers of a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.secrets import SealedField


class Phone(models.Model):
    """One number of one person, sealed. It is found by ``index``, shown by ``hint``, and counts once it is proven.

    The number somebody signed up with is their primary one before that, and nobody else can sign up with it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    number = SealedField(help_text="E.164.")
    index = models.CharField(max_length=64, help_text="Blind index of the number.")
    hint = models.CharField(_("number"), max_length=20, help_text="What may be shown of it: country code, last digits.")
    primary = models.BooleanField(_("primary"), default=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    verified_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")
        constraints = [
            models.UniqueConstraint(fields=["user", "index"], name="ciam_phone_once_per_person"),
            models.UniqueConstraint(
                fields=["index"],
                condition=Q(verified_at__isnull=False) | Q(primary=True),
                name="ciam_phone_one_account",
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(primary=True), name="ciam_phone_one_primary"),
        ]

    def __str__(self) -> str:
        return self.hint
