"""REST under ``/api/ciam/v1/``. ``ciam_core.urls`` has it; a host without it includes this module there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from rest_framework.permissions import IsAuthenticated

from ciam_core.kernel.api import CiamAPIView
from ciam_mfa.factors import api as factors
from ciam_mfa.factors.demand import ENROL_FACTOR
from ciam_mfa.integrations.drf import RequiresLevel
from ciam_mfa.one_time_codes import api as one_time_codes
from ciam_mfa.passkeys import api as passkeys
from ciam_mfa.recovery_codes import api as recovery_codes
from ciam_mfa.step_up.api import StepUp
from ciam_mfa.totp import api as totp
from ciam_mfa.trusted_browsers import api as trusted


def guarded(route: str, view: type[CiamAPIView], name: str, **told: Any) -> URLPattern:
    """For whoever has just shown who they are, as surely as they can (MF10)."""
    asked: Any = [IsAuthenticated, RequiresLevel(None)]
    answering: Callable[..., HttpResponseBase] = view.as_view(permission_classes=asked, **told)
    return path(route, answering, name=name)


def enrolling(route: str, view: type[CiamAPIView], name: str) -> URLPattern:
    """As ``guarded``, and open to whoever must have a factor before anything else."""
    return guarded(route, view, name, while_open=(ENROL_FACTOR,))


urlpatterns = [
    path("factors/", factors.Factors.as_view(while_open=(ENROL_FACTOR,)), name="ciam_api_factors"),
    enrolling("factors/passkey/", passkeys.Start, "ciam_api_start_passkey"),
    enrolling("factors/passkey/confirm/", passkeys.Confirm, "ciam_api_confirm_passkey"),
    enrolling("factors/totp/", totp.Start, "ciam_api_start_totp"),
    enrolling("factors/totp/confirm/", totp.Confirm, "ciam_api_confirm_totp"),
    enrolling("factors/text-message/", one_time_codes.Start, "ciam_api_start_number"),
    enrolling("factors/text-message/confirm/", one_time_codes.Confirm, "ciam_api_confirm_number"),
    guarded("factors/recovery-codes/", recovery_codes.RecoveryCodes, "ciam_api_recovery_codes"),
    guarded("factors/<str:key>/", factors.Authenticator, "ciam_api_authenticator"),
    path("step-up/", StepUp.as_view(), name="ciam_api_step_up"),
    path("trusted-devices/", trusted.TrustedDevices.as_view(), name="ciam_api_trusted_devices"),
    path("trusted-devices/<uuid:browser_id>/", trusted.TrustedDevice.as_view(), name="ciam_api_trusted_device"),
]
