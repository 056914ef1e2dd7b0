"""One number that codes are texted to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.secrets import SealedField
from ciam_mfa.factors.models import Authenticator


class TextedNumber(Authenticator):
    """Not confirmed: enrolment waits for its first code. The codes themselves are proofs of the kernel."""

    number = SealedField(editable=False, help_text="E.164.")
    hint = models.CharField(_("number"), max_length=20, editable=False, help_text="What may be shown of it.")

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("number for codes")
        verbose_name_plural = _("numbers for codes")
