"""What ``ciam_mfa`` adds to the kernel's registries."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.activities import Activity, activities, always
from ciam_core.kernel.assurance import level_sources
from ciam_core.kernel.context import SecurityRow, overview_rows, security_rows
from ciam_core.kernel.events import event_recorded
from ciam_core.kernel.personal_data import Erase, declare
from ciam_core.kernel.required_actions import actions
from ciam_core.kernel.revocation import revokers
from ciam_mfa import events
from ciam_mfa.factors.demand import EnrolFactor
from ciam_mfa.factors.factor import factors
from ciam_mfa.factors.flows import forget_strangers_factors
from ciam_mfa.factors.queries import EnrolledPeopleNeedTwo
from ciam_mfa.factors.rows import PAGES, second_factor_row
from ciam_mfa.integrations import django_login
from ciam_mfa.one_time_codes.factor import text_messages
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.rows import overview_row
from ciam_mfa.recovery_codes.factor import recovery_codes
from ciam_mfa.totp.factor import totp
from ciam_mfa.trusted_browsers.flows import end_trust, end_trust_with_factor

BUILT_IN = (passkeys, totp, text_messages, recovery_codes)


def register() -> None:
    for factor in BUILT_IN:
        factors.add(factor.name, factor)
    django_login.register()
    if apps.is_installed("ciam_core"):
        from ciam_mfa.integrations import allauth, passkey_offer
        from ciam_mfa.integrations import passkeys as passkey_sign_in

        allauth.register()
        passkey_sign_in.register()
        passkey_offer.register()
    else:
        django_login.register_alone()
    level_sources.add("ciam_mfa", EnrolledPeopleNeedTwo())
    actions.add(EnrolFactor.name, EnrolFactor())
    revokers.add("ciam_mfa.trusted_browsers", end_trust)
    revokers.add("ciam_mfa", forget_strangers_factors)
    event_recorded.connect(end_trust_with_factor, sender=events.FactorRemoved, dispatch_uid="ciam_mfa_trust")
    covers = (*PAGES, *(name for factor in BUILT_IN for name in factor.pages))
    security_rows.add("second_factors", SecurityRow(second_factor_row, covers=covers))
    overview_rows.add("second_factor", overview_row)
    _declare_personal_data()
    _name_events()


def _declare_personal_data() -> None:
    kept = ["name", "created_at", "last_used_at", "disabled_at"]
    for label in ("ciam_mfa.TotpAuthenticator", "ciam_mfa.RecoveryCodeSet"):
        declare(label, subject="user_id", on_erase=Erase.DELETE, fields=kept)
    declare("ciam_mfa.TextedNumber", subject="user_id", on_erase=Erase.DELETE, fields=["number", "hint", *kept])
    made_of = ["aaguid", "transports", "backup_eligible", "backup_state", "is_demanded"]
    declare("ciam_mfa.Passkey", subject="user_id", on_erase=Erase.DELETE, fields=[*kept, *made_of])
    declare("ciam_mfa.UserHandle", subject="user_id", on_erase=Erase.DELETE, fields=["handle"])
    declare("ciam_mfa.FactorDemand", subject="user_id", on_erase=Erase.DELETE, fields=["since"])
    declare("ciam_mfa.PasskeyOffer", subject="user_id", on_erase=Erase.DELETE, fields=["again_at"])
    declare("ciam_mfa.HeldRequest", subject="user_id", on_erase=Erase.DELETE, fields=["expires_at"])
    trusted = ["channel", "agent", "created_at", "last_used_at", "expires_at"]
    declare("ciam_mfa.TrustedBrowser", subject="user_id", on_erase=Erase.DELETE, fields=trusted)
    declare(
        "ciam_mfa.RecoveryCode", subject="set__user_id", on_erase=Erase.DELETE, fields=["used_at"], order=-1
    )  # before its set


def _name_events() -> None:
    activities.add(events.FactorAdded.name, always(_("A second factor was added")))
    activities.add(events.FactorDemanded.name, always(_("A second factor became necessary")))
    activities.add(events.PasskeyDemanded.name, always(_("A passkey is asked for from now on")))
    activities.add(events.FactorRenamed.name, always(_("A second factor was renamed")))
    activities.add(events.FactorRemoved.name, always(_("A second factor was removed")))
    activities.add(events.FactorCodeSent.name, always(_("A code was sent to a second factor")))
    activities.add(events.FactorVerified.name, always(_("A second factor was used")))
    activities.add(
        events.FactorRejected.name, Activity(lambda details: _("A second factor was answered wrongly"), refused=True)
    )
    activities.add(events.FactorDisabled.name, always(_("A second factor was turned off after too many wrong answers")))
    activities.add(events.PasskeyCounterRegressed.name, always(_("A passkey was used that may have been copied")))
    activities.add(events.RecoveryCodeSpent.name, always(_("A recovery code was used")))
    activities.add(events.TrustedBrowserAdded.name, always(_("A browser was trusted: no second factor is asked there")))
    activities.add(events.TrustedBrowserRemoved.name, always(_("A browser is trusted no more")))
    activities.add(events.TrustedBrowsersRemoved.name, always(_("No browser is trusted any more")))
