"""What every authenticator is a row of."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device


class Authenticator(Device):  # type: ignore[misc]  # django-otp is untyped
    """One authenticator of one person: a ``Device``, so that whatever asks django-otp finds it.

    Its primary key is a number: django-otp reads no other from a ``persistent_id``. The fields of ``Device`` are
    written anew, so that a word django-otp changes about them is no migration of ours.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=64)
    confirmed = models.BooleanField(default=False, editable=False, help_text="Whether it was ever answered with.")
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    disabled_at = models.DateTimeField(_("turned off"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    def verify_token(self, token: Any) -> bool:
        """Never: django-otp's own forms ask inside a transaction, which may take the count of a wrong answer back, and
        ask every device at once. ``ciam_mfa.flows.verify_factor`` is the only way.
        """
        return False
