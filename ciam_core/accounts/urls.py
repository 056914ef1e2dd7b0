"""The account pages, at the paths allauth gives them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from ciam_core.accounts.phones import outside
from ciam_core.accounts.phones import views as phones
from ciam_core.accounts.views import addresses, leaving, links, overview, password, recover, security, sign_in, sign_up
from ciam_core.accounts.views.base import Page
from ciam_core.kernel.required_actions import while_pending


def page(route: str, view: type[Page], name: str) -> URLPattern:
    """Nothing a page answers is kept by anybody, be it a redirect or a refused method (SE6)."""
    return path(route, never_cache(view.as_view()), name=name)


urlpatterns = [
    page("", overview.Overview, "ciam_overview"),
    page("login/", sign_in.SignIn, "ciam_sign_in"),
    page("login/code/", sign_in.RequestSignInCode, "ciam_request_sign_in_code"),
    page("login/code/confirm/", sign_in.ConfirmSignInCode, "ciam_confirm_sign_in_code"),
    page("login/code/resend/", sign_in.ResendSignInCode, "ciam_resend_sign_in_code"),
    page("login/text/", phones.RequestSmsCode, "ciam_request_sms_code"),
    page("logout/", sign_in.SignOut, "ciam_sign_out"),
    path("language/", while_pending(login_not_required(never_cache(set_language))), name="ciam_set_language"),
    page("login/come-back/", leaving.ComeBack, "ciam_come_back"),
    page("inactive/", sign_in.Inactive, "ciam_inactive"),
    page("reauthenticate/", sign_in.Reauthenticate, "ciam_reauthenticate"),
    page("reauthenticate/code/", sign_in.SendReauthenticationCode, "ciam_send_reauthentication_code"),
    page("signup/", sign_up.SignUp, "ciam_sign_up"),
    page("signup/phone/", outside.SignUpByPhone, "ciam_sign_up_by_phone"),
    page("confirm-phone/", outside.VerifyNumber, "ciam_verify_number"),
    page("confirm-phone/resend/", outside.ResendNumberCode, "ciam_resend_number_code"),
    page("confirm-email/", sign_up.VerifyAddress, "ciam_verify_address"),
    page("confirm-email/resend/", sign_up.ResendVerification, "ciam_resend_verification"),
    page("link/", links.UseLink, "ciam_use_link"),
    page("link/locked/", links.LockedDown, "ciam_locked_down"),
    page("link/<str:token>/", links.OpenLink, "ciam_link"),
    page("password/reset/", recover.Recover, "ciam_recover"),
    page("password/reset/phone/", outside.RecoverByPhone, "ciam_recover_by_phone"),
    page("password/reset/confirm/", recover.RecoverCode, "ciam_recover_code"),
    page("password/reset/resend/", recover.ResendRecovery, "ciam_resend_recovery"),
    page("password/reset/complete/", recover.SetNewPassword, "ciam_set_new_password"),
    page("password/change/", password.ChangePassword, "ciam_change_password"),
    page("profile/", overview.Profile, "ciam_profile"),
    page("profile/complete/", overview.CompleteProfile, "ciam_complete_profile"),
    page("profile/<slug:name>/", overview.EditAttribute, "ciam_edit_attribute"),
    page("leave/", leaving.Leave, "ciam_leave"),
    page("leave/break/", leaving.Deactivate, "ciam_deactivate"),
    page("leave/break/done/", leaving.Deactivated, "ciam_deactivated"),
    page("leave/delete/", leaving.ScheduleDeletion, "ciam_schedule_deletion"),
    page("leave/delete/done/", leaving.DeletionScheduled, "ciam_deletion_scheduled"),
    page("security/", security.Security, "ciam_security"),
    page("email/", addresses.Addresses, "ciam_addresses"),
    page("email/add/", addresses.AddAddress, "ciam_add_address"),
    page("email/change/", addresses.ChangeAddress, "ciam_change_address"),
    page("email/confirm/", addresses.ConfirmAddress, "ciam_confirm_address"),
    page("email/confirm/resend/", addresses.ResendAddressCode, "ciam_resend_address_code"),
    page("email/<int:address_id>/remove/", addresses.RemoveAddress, "ciam_remove_address"),
    page("email/<int:address_id>/primary/", addresses.MakePrimary, "ciam_make_primary"),
    page("email/<int:address_id>/verify/", addresses.VerifyAddedAddress, "ciam_verify_added_address"),
    page("phone/", phones.Phones, "ciam_phones"),
    page("phone/add/", phones.AddPhone, "ciam_add_phone"),
    page("phone/confirm/", phones.ConfirmPhone, "ciam_confirm_phone"),
    page("phone/confirm/resend/", phones.ResendPhoneCode, "ciam_resend_phone_code"),
    page("phone/<int:phone_id>/remove/", phones.RemovePhone, "ciam_remove_phone"),
    page("phone/<int:phone_id>/primary/", phones.MakePrimaryPhone, "ciam_make_primary_phone"),
    page("phone/<int:phone_id>/verify/", phones.VerifyPhone, "ciam_verify_phone"),
]
