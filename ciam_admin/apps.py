from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CiamAdminConfig(AppConfig):
    name = "ciam_admin"
    label = "ciam_admin"
    verbose_name = _("Staff")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ciam_admin.events import PersonalDataRevealed, RightsChanged
        from ciam_core.kernel.activities import activities, always

        activities.add(PersonalDataRevealed.name, always(_("Our staff looked at your personal data")))
        activities.add(RightsChanged.name, always(_("What you may do as staff was changed")))
