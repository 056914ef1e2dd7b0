"""No table: what staff may do, where no model's own permissions say it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffPermission(models.Model):
    """Holds the permissions of the console; Django makes them at ``migrate``."""

    class Meta:
        app_label = "ciam_admin"
        managed = False
        verbose_name = _("staff permission")
        verbose_name_plural = _("staff permissions")
        default_permissions = ()
        permissions = [
            ("view_personal_data", "Can see personal data in clear, with a reason"),
            ("suspend_person", "Can suspend and reinstate people"),
            ("end_sessions", "Can sign people out"),
            ("forget_devices", "Can forget devices of people"),
            ("start_recovery", "Can send people the mail that recovers their account"),
            ("send_verification", "Can send people the mail that confirms an address"),
            ("reset_factors", "Can take away the second factors of people who lost them"),
            ("export_trail", "Can export the audit trail"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
