from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CiamFederationConfig(AppConfig):
    name = "ciam_core.federation"
    label = "ciam_federation"
    verbose_name = _("Sign-in with other accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ciam_core.federation import checks, registrations

        checks.register()
        registrations.register()
