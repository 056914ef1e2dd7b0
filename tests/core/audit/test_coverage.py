"""Whatever changes an account leaves an event, and each event has a name others know (AU7, ASVS 16.3)."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import get_resolver

from ciam_admin import events as staff_events
from ciam_core import events
from ciam_core.federation import events as federation_events
from ciam_core.models import AuditEvent
from ciam_mfa import events as mfa_events
from tests.architecture.documents import table
from tests.architecture.test_documents import view_of
from tests.architecture.test_url_map import patterns

OWASP = {
    "authn_login_success", "authn_login_fail", "authn_login_lock", "authn_password_change", "authn_token_created",
    "authn_password_change_fail", "session_expired", "user_created", "user_updated", "sys_monitor_disabled",
    "sensitive_read", "user_deleted", "user_archived", "excess_rate_limit_exceeded", "authn_token_revoked",
    "authn_login_fail_max", "authz_change",
}  # fmt: skip

ASKS, ADDRESS = {"proof.requested"}, {"address.added", "proof.requested"}
SIGNS_IN = {"session.signed_in", "session.sign_in_rejected"}
BY_CODE = {"session.signed_in", "proof.code_refused"}
BACK = {"account.reactivated", "account.deletion_cancelled", "session.signed_in"}
NUMBER, PROVEN = {"phone.added", "proof.requested"}, {"phone.verified", "proof.code_refused"}
BY_IDENTITY = {"session.signed_in", "account.registered", "identity.linked", "identity.refused"}
ANSWERS = {
    "ciam_sign_in": SIGNS_IN,
    "ciam_request_sign_in_code": ASKS,
    "ciam_confirm_sign_in_code": BY_CODE,
    "ciam_resend_sign_in_code": ASKS,
    "ciam_sign_out": {"session.signed_out"},
    "ciam_reauthenticate": {"session.sign_in_rejected", "proof.code_refused"},
    "ciam_send_reauthentication_code": ASKS,
    "ciam_sign_up": {"account.registered"},
    "ciam_sign_up_by_phone": {"account.registered"},
    "ciam_verify_number": PROVEN,
    "ciam_resend_number_code": ASKS,
    "ciam_recover_by_phone": ASKS,
    "ciam_verify_address": {"address.verified", "proof.code_refused"},
    "ciam_resend_verification": ASKS,
    "ciam_use_link": {"address.verified", "session.signed_in", "address.change_undone", "account.locked_down"},
    "ciam_recover": ASKS,
    "ciam_recover_code": {"password.set", "proof.code_refused"},
    "ciam_resend_recovery": ASKS,
    "ciam_set_new_password": {"password.set"},
    "ciam_change_password": {"password.set", "session.sign_in_rejected"},
    "ciam_complete_profile": {"profile.changed"},
    "ciam_edit_attribute": {"profile.changed"},
    "ciam_add_address": ADDRESS,
    "ciam_change_address": ASKS,
    "ciam_confirm_address": {"address.primary_changed", "address.verified", "proof.code_refused"},
    "ciam_resend_address_code": ASKS,
    "ciam_remove_address": {"address.removed"},
    "ciam_make_primary": {"address.primary_changed"},
    "ciam_verify_added_address": ASKS,
    "ciam_api_profile": {"profile.changed"},
    "ciam_api_addresses": ADDRESS,
    "ciam_api_address": {"address.removed"},
    "ciam_api_primary_address": {"address.primary_changed"},
    "ciam_api_verification": ASKS,
    "ciam_api_address_change": ASKS,
    "ciam_api_address_confirmation": {"address.primary_changed", "address.verified", "proof.code_refused"},
    "ciam_come_back": BACK,
    "ciam_deactivate": {"account.deactivated"},
    "ciam_schedule_deletion": {"account.deletion_scheduled"},
    "ciam_api_deactivation": {"account.deactivated"},
    "ciam_api_deletion": {"account.deletion_scheduled"},
    "ciam_end_session": {"session.ended"},
    "ciam_end_other_sessions": {"session.all_ended"},
    "ciam_name_device": {"device.named"},
    "ciam_forget_device": {"device.forgotten"},
    "ciam_api_session": {"session.ended"},
    "ciam_api_other_sessions": {"session.all_ended"},
    "ciam_api_device": {"device.named", "device.forgotten"},
    "ciam_request_sms_code": ASKS,
    "ciam_add_phone": NUMBER,
    "ciam_confirm_phone": PROVEN,
    "ciam_resend_phone_code": ASKS,
    "ciam_verify_phone": ASKS,
    "ciam_remove_phone": {"phone.removed"},
    "ciam_make_primary_phone": {"phone.primary_changed"},
    "ciam_api_phones": NUMBER,
    "ciam_api_phone": {"phone.removed"},
    "ciam_api_primary_phone": {"phone.primary_changed"},
    "ciam_api_phone_verification": ASKS,
    "ciam_api_phone_confirmation": PROVEN,
    "ciam_federation_callback": BY_IDENTITY,
    "ciam_federation_continue": {"account.registered", "proof.requested"},
    "ciam_federation_finish": {"identity.linked"},
    "ciam_unlink_account": {"identity.unlinked"},
    "ciam_api_linked_accounts": {"identity.linked"},
    "ciam_api_linked_account": {"identity.unlinked"},
}
HEADLESS = {
    "auth_session": {"session.signed_out"},
    "auth_login": SIGNS_IN,
    "auth_code_request": ASKS,
    "auth_code_resend": ASKS,
    "auth_code_confirm": BY_CODE,
    "auth_reauthenticate": {"session.sign_in_rejected", "proof.code_refused"},
    "auth_reauthenticate_code": ASKS,
    "auth_signup": {"account.registered"},
    "auth_email_verify": {"address.verified", "proof.code_refused"},
    "auth_email_verify_resend": ASKS,
    "auth_password_request": ASKS,
    "auth_password_reset": {"password.set", "proof.code_refused"},
    "account_password_change": {"password.set"},
    "auth_come-back": BACK,
    "auth_phone_verify": PROVEN,
    "auth_phone_verify_resend": ASKS,
    "account_phone": NUMBER,
    "auth_provider_token": BY_IDENTITY,
    "auth_provider_signup": {"account.registered", "proof.requested"},
    "account_providers": {"identity.unlinked"},
    "auth_ciam_passkey": {"factor.verified", "factor.rejected", "passkey.counter_regressed", "session.signed_in"},
    "auth_ciam_challenge": {
        "factor.code_sent",
        "factor.verified",
        "factor.rejected",
        "session.signed_in",
        "trusted_browser.added",
    },
    "account_email": ADDRESS | {"address.removed", "address.primary_changed"},
}
ANSWERS |= {
    "ciam_add_passkey": {"factor.added"},
    "ciam_offer_passkey": {"factor.added"},
    "ciam_demand_passkey": {"passkey.demanded"},
    "ciam_api_confirm_passkey": {"factor.added"},
    "ciam_passkey_sign_up": {"account.registered"},
    "ciam_passkey_sign_in": {"factor.verified", "factor.rejected", "passkey.counter_regressed", "session.signed_in"},
    "ciam_api_confirm_totp": {"factor.added"},
    "ciam_api_confirm_number": {"factor.added"},
    "ciam_api_start_number": {"factor.code_sent"},
    "ciam_add_number": {"factor.code_sent"},
    "ciam_confirm_number": {"factor.added"},
    "ciam_resend_to_number": {"factor.code_sent"},
    "ciam_api_recovery_codes": {"factor.added", "factor.removed"},
    "ciam_api_authenticator": {"factor.renamed", "factor.removed"},
    "ciam_api_step_up": {"factor.code_sent", "factor.verified", "factor.rejected"},
    "ciam_challenge": {
        "factor.code_sent",
        "factor.verified",
        "factor.rejected",
        "session.signed_in",
        "trusted_browser.added",
    },
    "ciam_step_up": {"factor.code_sent", "factor.verified", "factor.rejected"},
    "ciam_confirm_totp": {"factor.added"},
    "ciam_recovery_codes": {"factor.added", "factor.removed"},
    "ciam_keep_recovery_codes": {"factor.added"},
    "ciam_authenticator": {"factor.renamed"},
    "ciam_remove_authenticator": {"factor.removed"},
    "ciam_end_trusted_browser": {"trusted_browser.removed"},
    "ciam_end_trusted_browsers": {"trusted_browser.all_removed"},
    "ciam_api_trusted_devices": {"trusted_browser.all_removed"},
    "ciam_api_trusted_device": {"trusted_browser.removed"},
}
ANSWERS |= {f"ciam_{client}_{name}": told for client in ("app", "browser") for name, told in HEADLESS.items()}
REVEALED = {"staff.personal_data_revealed"}
STAFF = {
    "user_change": {"staff.rights_changed"},
    "user_act": {"account.suspended", "account.reinstated", "session.all_ended", "proof.requested"},
    "user_reveal": REVEALED,
    "user_reveal_sessions": REVEALED,
    "user_end_session": {"session.ended"},
    "user_reveal_devices": REVEALED,
    "user_forget_device": {"device.forgotten"},
    "auditevent_reveal": REVEALED,
    "auditevent_export": {"staff.trail_exported"},
}
STAFF_ONLY_READ = {"user_changelist", "user_history", "user_sessions", "user_devices"}
STAFF_ONLY_READ |= {"auditevent_changelist", "auditevent_history", "auditevent_change"}
REFUSED_TO_ALL = {f"{model}_{page}" for model in ("user", "auditevent") for page in ("add", "delete")}
TOLD = {
    getattr(app, name).name for app in (events, federation_events, mfa_events, staff_events) for name in app.__all__
}
CHANGING = {"post", "put", "patch", "delete"}
CHANGES_NO_ACCOUNT = {
    "ciam_set_language": "a cookie of the browser",
    "ciam_challenge_start_again": "a sign-in that waits",
    "ciam_decline_passkeys": "what is offered on the way in, and opens nothing",
    "ciam_api_start_passkey": "what this session waits for; the passkey that was made tells",
    "ciam_api_start_totp": "the same",
    "ciam_add_totp": "what waits for its first code; confirming it tells",
    "ciam_new_recovery_codes": "what this browser may see once more",
    "ciam_federation_start": "what this browser waits for; the callback tells",
    "ciam_link_account": "the same, for somebody signed in",
    "ciam_browser_auth_provider_redirect": "the same",
    "ciam_browser_auth_provider_nonce": "what the next ID token must repeat",
    "ciam_app_auth_provider_nonce": "the same",
}


def test_every_url_that_changes_something_leaves_an_event():
    found = {str(pattern.name) for _, pattern in patterns(get_resolver().url_patterns) if changes(pattern)}
    assert found == ANSWERS.keys() | CHANGES_NO_ACCOUNT.keys()


def test_so_does_every_page_of_the_console():
    models = (get_user_model(), AuditEvent)
    named = [str(own.name) for model in models for own in admin.site._registry[model].urls if own.name]
    assert {name.removeprefix("ciam_core_") for name in named} == STAFF.keys() | STAFF_ONLY_READ | REFUSED_TO_ALL


def test_the_events_named_here_exist():
    assert set().union(*ANSWERS.values(), *STAFF.values()) <= TOLD


def test_every_event_has_a_name_others_know():
    written = dict(table("docs/audit/vocabulary.md", "name", "OWASP"))
    assert written.keys() == TOLD
    assert set(written.values()) <= OWASP


def changes(pattern):
    """Whether a view of ours answers a method that may change something."""
    view = view_of(pattern.callback)
    if not (view.__module__.startswith(("ciam_core.", "ciam_mfa.")) and isinstance(view, type)):
        return pattern.name == "ciam_set_language"
    allowed = set(getattr(view, "http_method_names", ())) & CHANGING
    return any(hasattr(view, method) for method in allowed)
