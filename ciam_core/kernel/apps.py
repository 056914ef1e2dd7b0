from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CiamKernelConfig(AppConfig):
    name = "ciam_core.kernel"
    label = "ciam_kernel"
    verbose_name = _("CIAM kernel")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ciam_core.kernel import registrations
        from ciam_core.kernel.assurance import ask_gates
        from ciam_core.kernel.checks import check_production, check_settings

        registrations.register_kernel()
        user_logged_in.connect(ask_gates, dispatch_uid="ciam_gates")
        checks.register(check_settings)
        checks.register(check_production, deploy=True)
