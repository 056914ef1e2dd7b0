from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CiamMfaConfig(AppConfig):
    name = "ciam_mfa"
    label = "ciam_mfa"
    verbose_name = _("Second factors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ciam_mfa import checks, registrations

        checks.register()
        registrations.register()
