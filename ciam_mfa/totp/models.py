"""One authenticator app, holding one secret."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.secrets import SealedField
from ciam_mfa.factors.models import Authenticator


class TotpAuthenticator(Authenticator):
    """Not confirmed: enrolment waits for its first code."""

    secret = SealedField(editable=False, help_text="Shared with the app, in base32.")
    last_step = models.BigIntegerField(default=-1, editable=False, help_text="Of the last code that was accepted.")
    drift = models.SmallIntegerField(default=0, editable=False, help_text="Steps by which the app's clock is ahead.")

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
