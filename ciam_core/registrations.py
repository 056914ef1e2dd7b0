"""What ``ciam_core`` adds to the kernel's registries."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.mail import mail_alarm
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.naming import display_name
from ciam_core.accounts.phones.flows import forget_strangers_phones
from ciam_core.accounts.phones.queries import added_phones
from ciam_core.accounts.phones.rotation import refresh_phone_indexes
from ciam_core.accounts.phones.rows import phone_row
from ciam_core.accounts.phones.texter import PhoneTexter
from ciam_core.accounts.profile.queries import CompleteProfile, exported_profile
from ciam_core.accounts.profile.rotation import refresh_indexes
from ciam_core.accounts.recent import added_addresses
from ciam_core.accounts.required_actions import ReplaceBreachedPassword
from ciam_core.accounts.rows import address_row, password_row
from ciam_core.audit import receivers as audit
from ciam_core.audit import words
from ciam_core.audit.queries import exported_events
from ciam_core.kernel.context import SECURITY, Place, SecurityRow, namers, overview_rows, places, security_rows
from ciam_core.kernel.notices import notifiers
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.personal_data import USER_ORDER, Erase, declare
from ciam_core.kernel.required_actions import actions
from ciam_core.kernel.revocation import added_ways_in, revokers, spared_purposes
from ciam_core.kernel.secrets import reencryptions
from ciam_core.kernel.texting import texters
from ciam_core.kernel.typing import User
from ciam_core.messages.courier import register_couriers
from ciam_core.sessions import receivers as sessions
from ciam_core.sessions.flows import end_sessions_and_trust
from ciam_core.sessions.overview import last_sign_in_row
from ciam_core.sessions.queries import owner_known_at
from ciam_core.throttling.lanes import device_trust


def register() -> None:
    actions.add("replace_password", ReplaceBreachedPassword())
    actions.add("complete_profile", CompleteProfile())
    for purpose in ("undo_address_change", "undo_deletion", "wasnt_me"):
        spared_purposes.add(purpose, purpose)
    reencryptions.add("ciam_core.ProfileValue.index", refresh_indexes)
    reencryptions.add("ciam_core.Phone.index", refresh_phone_indexes)
    register_couriers()
    sessions.connect()
    revokers.add("ciam_core.sessions", end_sessions_and_trust)
    revokers.add("ciam_core.phones", forget_strangers_phones)
    added_ways_in.add("ciam_core.addresses", added_addresses)
    added_ways_in.add("ciam_core.phones", added_phones)
    device_trust.add("ciam_core.sessions", owner_known_at)
    audit.connect()
    words.register()
    namers.add("ciam_core", _name)
    notifiers.add("ciam_core", _mail_notice)
    texters.add("ciam_core", PhoneTexter())
    _add_places()
    _declare_personal_data()


def _name(user: User) -> str:
    return display_name(user) if isinstance(user, AbstractCustomer) else ""


def _mail_notice(user: Any, template: str, origin: Origin, context: dict[str, Any]) -> None:
    if user.email:
        mail_alarm(template, user, to=user.email, origin=origin, **context)


def _add_places() -> None:
    places.add("overview", Place(_("Overview"), "ciam_overview"))
    at_profile = ("ciam_edit_attribute", "ciam_leave", "ciam_deactivate", "ciam_schedule_deletion")
    places.add("profile", Place(_("Profile"), "ciam_profile", covers=at_profile))
    places.add("security", Place(_("Sign-in and security"), SECURITY))
    places.add("devices", Place(_("Devices"), "ciam_devices", covers=("ciam_name_device",)))
    overview_rows.add("last_sign_in", last_sign_in_row)
    places.add("activity", Place(_("Activity"), "ciam_activity"))
    beneath = ("ciam_addresses", "ciam_add_address", "ciam_change_address", "ciam_confirm_address")
    security_rows.add("addresses", SecurityRow(address_row, covers=beneath))
    security_rows.add("password", SecurityRow(password_row, covers=("ciam_change_password",)))
    security_rows.add("phones", SecurityRow(phone_row, covers=("ciam_phones", "ciam_add_phone", "ciam_confirm_phone")))


def _declare_personal_data() -> None:
    declare(
        "ciam_core.ProfileValue",
        subject="user_id",
        on_erase=Erase.DELETE,
        fields=["attribute", "value"],
        export=exported_profile,
    )
    for label, fields in HELD_BY_ACCOUNT.items():
        declare(label, subject="user_id", on_erase=Erase.DELETE, fields=fields)
    _declare_evidence()
    if issubclass(get_user_model(), AbstractCustomer):
        _declare_rights()
        declare(
            settings.AUTH_USER_MODEL,
            subject="pk",
            on_erase=Erase.ANONYMISE,
            fields=["email"],
            replacements=ERASED_PERSON,
            order=USER_ORDER,
        )


HELD_BY_ACCOUNT = {
    "account.EmailAddress": ["email", "verified", "primary"],
    "ciam_core.Device": ["name", "agent", "first_used_at", "last_used_at"],
    "ciam_core.Phone": ["number", "hint", "primary", "added_at", "verified_at"],
    "ciam_core.Session": ["channel", "agent", "address", "methods", "created_at", "last_used_at"],
}
"""What goes with the account, and which columns are personal."""
TRAIL_BASIS = (
    "Evidence of what was done to accounts (GDPR Art. 6(1)(f), 17(3)(e)). "
    "Without the person's key nobody can read more than that something of that name happened."
)
ERASURE_BASIS = (
    "Proof that an erasure was carried out, and what a restored backup is erased by again (GDPR Art. 5(2), 17(3)(b)). "
    "Holds a number that names nobody any more."
)
ERASED_PERSON = {
    "email": None,
    "password": "!",
    "state": AbstractCustomer.State.ERASED,
    "is_staff": False,
    "is_superuser": False,
    "date_joined": datetime(1970, 1, 1, tzinfo=UTC),
    "password_checked_at": None,
    "password_breached_at": None,
}
"""What erasure leaves of the row a person was: its primary key."""


def _declare_evidence() -> None:
    declare(
        "ciam_core.Erasure",
        subject="subject_id",
        on_erase=Erase.KEEP,
        fields=["requested_at", "due_at", "started_at", "finished_at"],
        basis=ERASURE_BASIS,
    )
    kept: dict[str, Any] = {"on_erase": Erase.KEEP, "fields": ["name", "occurred_at"], "basis": TRAIL_BASIS}
    declare("ciam_core.AuditEvent", subject="subject_id", export=exported_events, **kept)
    declare("ciam_core.AuditEvent", subject="actor_id", **kept)


def _declare_rights() -> None:
    for relation in get_user_model()._meta.many_to_many:
        if relation.name in ("groups", "user_permissions"):
            through: Any = relation.remote_field.through
            column, other = relation.m2m_column_name(), relation.m2m_reverse_field_name()
            declare(through._meta.label, subject=column, on_erase=Erase.DELETE, fields=[other])
