from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CiamAdminConfig(AppConfig):
    name = "ciam_admin"
    label = "ciam_admin"
    verbose_name = _("Staff")
    default_auto_field = "django.db.models.BigAutoField"
