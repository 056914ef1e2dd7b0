"""The pages of ``ciam_mfa``. ``ciam_core.urls`` has them; a host without it writes ``include("ciam_mfa.urls")``."""

from django.apps import apps
from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from ciam_core.kernel.pages import Page
from ciam_core.kernel.required_actions import while_open
from ciam_mfa.challenge import views as challenge
from ciam_mfa.factors import alone
from ciam_mfa.factors import views as factors
from ciam_mfa.factors.demand import ENROL_FACTOR
from ciam_mfa.one_time_codes import views as one_time_codes
from ciam_mfa.passkeys import views as passkeys
from ciam_mfa.recovery_codes import views as recovery_codes
from ciam_mfa.step_up import views as confirming
from ciam_mfa.step_up.requiring import step_up
from ciam_mfa.totp import views as totp
from ciam_mfa.trusted_browsers import views as trusted


def page(route: str, view: type[Page], name: str) -> URLPattern:
    """Nothing a page answers is kept by anybody."""
    return path(route, never_cache(view.as_view()), name=name)


def guarded(route: str, view: type[Page], name: str) -> URLPattern:
    """For whoever has just shown who they are, as surely as they can (MF10)."""
    return path(route, never_cache(step_up(None)(view.as_view())), name=name)


def enrolling(route: str, view: type[Page], name: str) -> URLPattern:
    """As ``guarded``, and open to whoever must have a factor before anything else."""
    return path(route, while_open(ENROL_FACTOR)(never_cache(step_up(None)(view.as_view()))), name=name)


PAGES = [
    page("login/confirm/", challenge.Challenge, "ciam_challenge"),
    page("login/confirm/start-again/", challenge.StartAgain, "ciam_challenge_start_again"),
    page("confirm/", confirming.StepUp, "ciam_step_up"),
    path("factors/", while_open(ENROL_FACTOR)(never_cache(factors.Factors.as_view())), name="ciam_factors"),
    enrolling("factors/app/add/", totp.AddTotp, "ciam_add_totp"),
    enrolling("factors/app/confirm/", totp.ConfirmTotp, "ciam_confirm_totp"),
    enrolling("factors/number/add/", one_time_codes.AddNumber, "ciam_add_number"),
    enrolling("factors/number/confirm/", one_time_codes.ConfirmNumber, "ciam_confirm_number"),
    enrolling("factors/number/resend/", one_time_codes.ResendNumber, "ciam_resend_to_number"),
    enrolling("factors/passkey/add/", passkeys.AddPasskey, "ciam_add_passkey"),
    guarded("factors/passkey/<str:key>/demand/", passkeys.DemandPasskey, "ciam_demand_passkey"),
    guarded("factors/recovery-codes/", recovery_codes.RecoveryCodes, "ciam_recovery_codes"),
    guarded("factors/recovery-codes/keep/", recovery_codes.KeepRecoveryCodes, "ciam_keep_recovery_codes"),
    guarded("factors/recovery-codes/new/", recovery_codes.NewRecoveryCodes, "ciam_new_recovery_codes"),
    guarded("factors/recovery-codes/file/", recovery_codes.DownloadRecoveryCodes, "ciam_download_recovery_codes"),
    page("factors/trusted/", trusted.TrustedBrowsers, "ciam_trusted_browsers"),
    page("factors/trusted/end/", trusted.EndTrustedBrowsers, "ciam_end_trusted_browsers"),
    page("factors/trusted/<uuid:browser_id>/end/", trusted.EndTrustedBrowser, "ciam_end_trusted_browser"),
    guarded("factors/<str:key>/", factors.Authenticator, "ciam_authenticator"),
    guarded("factors/<str:key>/remove/", factors.Remove, "ciam_remove_authenticator"),
]

ALONE = [
    page("security/", alone.Security, "ciam_security"),
    page("confirm/password/", confirming.ConfirmPassword, "ciam_confirm_password"),
]
"""What ``ciam_core`` has pages of its own for."""

urlpatterns = [
    path(".well-known/webauthn", passkeys.related, name="ciam_related_origins"),
    path("accounts/", include(PAGES if apps.is_installed("ciam_core") else [*PAGES, *ALONE])),
]
