from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CiamCoreConfig(AppConfig):
    name = "ciam_core"
    label = "ciam_core"
    verbose_name = _("Customer accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ciam_core import checks, registrations
        from ciam_core.audit import migrating

        checks.register()
        registrations.register()
        migrating.connect(self)
