from django.apps import AppConfig, apps
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
        if apps.is_installed("ciam_core.federation"):
            from ciam_admin.console.federation.linked import linked_accounts
            from ciam_admin.console.tables import person_tables

            person_tables.add("linked_accounts", linked_accounts)
        if apps.is_installed("ciam_mfa"):
            from ciam_admin.console.mfa.registrations import register

            register()
