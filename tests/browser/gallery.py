"""Every bundled page in the states that matter, to be looked at (``pictures.py``) and checked (axe, structure)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone, translation

from ciam_core.accounts.attributes import Attribute
from ciam_core.accounts.exceptions import AddressYours, SignInRefused, StateChanged
from ciam_core.accounts.forms import (
    AccountForm,
    AddressForm,
    ChangePasswordForm,
    CodeForm,
    ConfirmPasswordForm,
    EmailForm,
    NewPasswordForm,
    ProfileForm,
    RecoverForm,
    SignInForm,
    SignUpForm,
)
from ciam_core.accounts.phones.exceptions import PhoneRefused, TooManyPhones
from ciam_core.accounts.phones.forms import PhoneForm, PhoneSignUpForm
from ciam_core.accounts.views.links import LINK_PAGES
from ciam_core.federation.exceptions import ProviderUnavailable
from ciam_core.federation.forms import OpenAccountForm
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.context import WayIn
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.proofs import CodeRejected, ProofRejected
from ciam_core.passwords.exceptions import PasswordBreached, PasswordTooShort
from ciam_core.sessions.forms import DeviceNameForm
from ciam_core.sessions.overview import ShownDevice, ShownSession
from ciam_mfa.exceptions import AnswerRejected, PasskeyRefused, TooManyAuthenticators
from ciam_mfa.factors.forms import NameForm
from ciam_mfa.factors.queries import Enrolled, Offer
from ciam_mfa.factors.rows import needed_by
from ciam_mfa.integrations.passkeys import PasskeySignUpForm
from ciam_mfa.models import FactorReset
from ciam_mfa.one_time_codes.factor import text_messages
from ciam_mfa.one_time_codes.forms import NumberForm, TextedCodeForm
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.forms import NewPasskeyForm, PasskeyForm
from ciam_mfa.recovery_codes.factor import recovery_codes
from ciam_mfa.recovery_codes.forms import RecoveryCodeForm
from ciam_mfa.step_up.views import PasswordForm
from ciam_mfa.totp.codes import enrolment_uri
from ciam_mfa.totp.factor import totp
from ciam_mfa.totp.forms import FirstCodeForm, TotpForm
from ciam_mfa.totp.queries import in_groups, qr_code
from ciam_mfa.trusted_browsers.showing import ShownBrowser

SENT_TO = "a•••••@e•••.com"
LONG_ADDRESS = "wilhelmina.aleksandra.konstantinopolska-featherstonehaugh@mail.a-rather-long-department-name.example"
LONG_NAME = "Wilhelmina Aleksandra Konstantinopolska-Featherstonehaugh of Llanfairpwllgwyngyll"


class Page(NamedTuple):
    """``here`` is the URL name the page is shown at; ``user`` the address of who is signed in."""

    name: str
    template: str
    context: dict[str, Any]
    here: str = "ciam_sign_in"
    user: str = ""
    messages: tuple[tuple[int, str], ...] = ()


PROFILE = [
    Attribute(name="full_name", label="Full name", autocomplete="name"),
    Attribute(
        name="country", label="Country", type="choice", choices=(("", "Choose"), ("fr", "France"), ("jp", "Japan"))
    ),
    Attribute(name="birthday", label="Birthday", type="date", help="We send a small present.", autocomplete="bday"),
    Attribute(name="newsletter", label="Email me about new things in the shop", type="boolean"),
]


class SignUpWithProfileForm(SignUpForm):
    """Sign-up at a product that asks for more; every kind of field is in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({own.name: own.field(required=own.name in ("full_name", "country")) for own in PROFILE})
        parcels = [("home", "To my door"), ("shop", "To a pick-up shop nearby")]
        help_text = "You can change it with each order."
        self.fields["parcels"] = forms.ChoiceField(
            label="Where parcels go", choices=parcels, widget=forms.RadioSelect, help_text=help_text
        )
        self.fields["about"] = forms.CharField(
            label="About you", required=False, widget=forms.Textarea(attrs={"rows": 3})
        )


def _refused(form: CiamForm, refusal: CiamError) -> CiamForm:
    form.refuse(refusal)
    return form


def gallery() -> list[Page]:
    return [
        *_outside(),
        *_codes(),
        *_answers(),
        *_inside(),
        *_phones(),
        *_leaving(),
        *_federation(),
        *_factors(),
        *_passkeys(),
        *_trusted_browsers(),
    ]


def _outside() -> Iterator[Page]:
    accounts = "ciam_core/accounts/"
    typed = {"email": "alice@example.com", "password": "x"}
    refused = _refused(SignInForm(typed), SignInRefused())
    yield Page("sign-in", accounts + "sign_in.html", {"form": SignInForm(), "next": "/orders/"})
    yield Page("sign-in-by-text-too", accounts + "sign_in.html", {"form": SignInForm(), "by_text": True})
    yield Page("sign-in-refused", accounts + "sign_in.html", {"form": refused})
    throttled = _refused(SignInForm(typed), TooManyAttempts(retry_after=60))
    yield Page("sign-in-throttled", accounts + "sign_in.html", {"form": throttled})
    yield Page("sign-in-empty", accounts + "sign_in.html", {"form": SignInForm({})})
    signed_out = ((constants.SUCCESS, "You are signed out."),)
    yield Page("sign-in-after-sign-out", accounts + "sign_in.html", {"form": SignInForm()}, messages=signed_out)
    yield Page("sign-up", accounts + "sign_up.html", {"form": SignUpForm(), "password_min_length": 15}, "ciam_sign_up")
    wrong = SignUpWithProfileForm({"email": "alice@", "password": "short", "full_name": LONG_NAME})
    wrong.refuse(PasswordTooShort(min_length=15))
    yield Page("sign-up-profile-wrong", accounts + "sign_up.html", {"form": wrong}, "ciam_sign_up")
    yield Page("request-code", accounts + "request_sign_in_code.html", {"form": EmailForm()})
    yield Page("recover", accounts + "recover.html", {"form": EmailForm()}, "ciam_recover")
    invalid = EmailForm({"email": LONG_ADDRESS + "@"})
    yield Page("recover-wrong", accounts + "recover.html", {"form": invalid}, "ciam_recover")
    new = {"form": NewPasswordForm(), "email": SENT_TO}
    common = _refused(NewPasswordForm({"password": "correct horse battery"}), PasswordBreached())
    again = {"form": common, "email": SENT_TO}
    yield Page("new-password-breached", accounts + "set_new_password.html", again, "ciam_set_new_password")
    yield Page("new-password", accounts + "set_new_password.html", new, "ciam_set_new_password")
    missing = ProfileForm({}, attributes=PROFILE[:3], required=True)
    yield Page("complete-profile", accounts + "complete_profile.html", {"form": missing}, user="alice@example.com")


def _codes() -> Iterator[Page]:
    accounts = "ciam_core/accounts/"
    sent = {"sent_to": SENT_TO, "minutes": 10, "resend_url": "/resend/", "resend_after": 30}
    long = {**sent, "sent_to": "w•••••@m•••.example", "minutes": 1440}
    wrong = _refused(CodeForm({"code": "482 913"}), CodeRejected(field="code"))
    spent = _refused(CodeForm({"code": "482913"}), ProofRejected())
    yield Page("sign-in-code", accounts + "confirm_sign_in_code.html", {**sent, "form": CodeForm()})
    yield Page("sign-in-code-wrong", accounts + "confirm_sign_in_code.html", {**sent, "resend_after": 0, "form": wrong})
    yield Page("sign-in-code-spent", accounts + "confirm_sign_in_code.html", {**sent, "resend_after": 0, "form": spent})
    verify = {**long, "form": CodeForm(), "signing_up": True}
    yield Page("verify-address", accounts + "verify_address.html", verify, "ciam_verify_address")
    yield Page("recover-code", accounts + "recover_code.html", {**sent, "form": RecoverForm()}, "ciam_recover_code")
    new = {**sent, "form": CodeForm()}
    yield Page(
        "confirm-address", accounts + "confirm_address_code.html", new, "ciam_confirm_address", "alice@example.com"
    )


def _answers() -> Iterator[Page]:
    accounts = "ciam_core/accounts/"
    link = {
        "title": "Sign in to Shop",
        "text": "You asked for a link to sign in. Use it on the device you want to sign in on.",
        "action_label": "Sign in",
        "sent_to": SENT_TO,
    }
    yield Page("link", accounts + "link.html", link)
    rejected = {
        "title": "This link no longer works",
        "text": "It was used already, or it is too old. Ask for another, it takes a minute.",
        "next_url": "/",
        "next_label": "Send another link",
    }
    page = LINK_PAGES["wasnt_me"]
    lock = {"title": page.title, "text": page.text, "action_label": page.action_label, "sent_to": SENT_TO}
    yield Page("link-not-me", accounts + "link.html", lock)
    yield Page("locked-down", accounts + "locked_down.html", {})
    yield Page("link-rejected", accounts + "link_rejected.html", rejected)
    again = {"form": ConfirmPasswordForm(), "next": "/account/"}
    yield Page("reauthenticate", accounts + "reauthenticate.html", again, "ciam_reauthenticate", LONG_ADDRESS)
    ask = {"form": CodeForm(), "by_code": True, "next": "/account/"}
    yield Page("reauthenticate-ask", accounts + "reauthenticate.html", ask, "ciam_reauthenticate", "alice@example.com")
    sent = {**ask, "sent_to": SENT_TO, "minutes": 10, "resend_url": "/resend/", "resend_after": 30}
    yield Page(
        "reauthenticate-code", accounts + "reauthenticate.html", sent, "ciam_reauthenticate", "alice@example.com"
    )
    yield Page("sign-out", accounts + "sign_out.html", {}, "ciam_sign_out", "alice@example.com")
    yield Page("inactive", accounts + "inactive.html", {})
    yield from _federation()
    problem = {"status": 429, "title": "Too many tries", "text": "Wait a minute, then try again."}
    yield Page("problem", "ciam_kernel/problem.html", problem)


def _inside() -> Iterator[Page]:
    accounts = "ciam_core/accounts/"
    alice = "alice@example.com"
    rows = [
        {"label": "Primary address", "value": alice, "url": "/", "action": "Change"},
        {"label": "Password", "value": "Changed three months ago", "url": "/", "action": "Change"},
        {"label": "Last sign-in", "value": "Today at 09:14, Chrome on Windows", "url": "", "action": ""},
    ]
    suggestion = {
        "title": "Add a second address",
        "text": "If you ever lose access to your mail, you can still come back in with the other one.",
        "url": "/",
        "action": "Add an address",
    }
    overview = {"display_name": "Alice", "suggestion": suggestion, "rows": rows}
    yield Page("overview", accounts + "overview.html", overview, "ciam_overview", alice)
    long_rows = [{**rows[0], "value": LONG_ADDRESS}, *rows[1:]]
    long = {"display_name": LONG_NAME, "suggestion": None, "rows": long_rows}
    yield Page("overview-long", accounts + "overview.html", long, "ciam_overview", LONG_ADDRESS)
    help_text = "Shown with your reviews."
    profile = [
        {"label": "Full name", "value": LONG_NAME, "url": "/", "action": "Edit", "help": help_text},
        {"label": "Country", "value": "France", "url": "/", "action": "Edit", "help": ""},
        {"label": "Birthday", "value": "", "url": "/", "action": "Add", "help": "We send a small present."},
        {"label": "Customer since", "value": "12 March 2021", "url": "", "action": "", "help": ""},
    ]
    saved = ((constants.SUCCESS, "Your profile is saved."),)
    yield Page("profile", accounts + "profile.html", {"rows": profile}, "ciam_profile", alice, saved)
    yield Page("profile-empty", accounts + "profile.html", {"rows": []}, "ciam_profile", alice)
    edit = {"form": ProfileForm({}, attributes=PROFILE[:1], required=True)}
    yield Page("edit-profile-wrong", accounts + "edit_profile.html", edit, "ciam_profile", alice)
    yield Page("security", accounts + "security.html", {"rows": long_rows[:2]}, "ciam_security", alice)
    yield from _addresses()
    yield from _devices()
    password = {"form": ChangePasswordForm(has_password=True), "password_min_length": 15}
    yield Page("change-password", accounts + "change_password.html", password, "ciam_change_password", alice)
    breached = {"form": ChangePasswordForm(has_password=True), "password_min_length": 15, "reason": "breached"}
    yield from _activity()
    yield Page("change-password-breached", accounts + "change_password.html", breached, "ciam_change_password", alice)


def _leaving() -> Iterator[Page]:
    accounts = "ciam_core/accounts/"
    alice = "alice@example.com"
    due = {"due_at": datetime(2026, 12, 25, tzinfo=UTC)}
    yield Page("leave", accounts + "leave.html", due, "ciam_leave", alice)
    ask = {"form": AccountForm()}
    yield Page("deactivate", accounts + "deactivate.html", ask, "ciam_deactivate", alice)
    yield Page(
        "schedule-deletion", accounts + "schedule_deletion.html", {**due, **ask}, "ciam_schedule_deletion", alice
    )
    late = {**due, "form": _refused(AccountForm({}), StateChanged())}
    yield Page("schedule-deletion-late", accounts + "schedule_deletion.html", late, "ciam_schedule_deletion", alice)
    yield Page("deactivated", accounts + "deactivated.html", {})
    yield Page("deletion-scheduled", accounts + "deletion_scheduled.html", due)
    yield Page("come-back", accounts + "come_back.html", {**ask, "due_at": None, "next": "/orders/"}, "ciam_come_back")
    yield Page("come-back-to-stay", accounts + "come_back.html", {**ask, **due}, "ciam_come_back")
    page = LINK_PAGES["undo_deletion"]
    keep = {"title": page.title, "text": page.text, "action_label": page.action_label, "sent_to": SENT_TO}
    yield Page("link-keep-account", accounts + "link.html", keep)


def _activity() -> Iterator[Page]:
    at = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    told: list[dict[str, Any]] = [
        {"title": "Signed in with the password", "device": "Chrome on Windows", "place": "near Lyon"},
        {"title": "A sign-in was refused", "refused": True, "place": "2001:db8:85a3:8d3:1319:8a2e:370:7348"},
        {"title": "Profile changed", "by_staff": True},
        {"title": "New password chosen after “Forgot your password?”", "device": "Samsung Internet on Android"},
        {"title": "Account locked, because “This was not me” was used"},
    ]
    shown = [
        {"occurred_at": at - timedelta(hours=5 * n), "ago": f"{5 * n + 1} hours ago", **happening}
        for n, happening in enumerate(told)
    ]
    template, here, alice = "ciam_core/audit/activity.html", "ciam_activity", "alice@example.com"
    yield Page("activity", template, {"happenings": shown, "older": uuid4()}, here, alice)
    yield Page("activity-earlier", template, {"happenings": shown[2:], "before": uuid4()}, here, alice)
    yield Page("activity-empty", template, {"happenings": []}, here, alice)


def _addresses() -> Iterator[Page]:
    alice = "alice@example.com"
    one = [{"email": alice, "primary": True, "verified": True, "id": 1}]
    full = [
        *one,
        {"email": "alice@work.example", "primary": False, "verified": True, "id": 2},
        {"email": LONG_ADDRESS, "primary": False, "verified": False, "id": 3},
    ]
    template = "ciam_core/accounts/addresses.html"
    yield Page("addresses", template, {"addresses": one, "add_form": AddressForm()}, "ciam_addresses", alice)
    taken = _refused(AddressForm({"email": alice}), AddressYours())
    yield Page("addresses-full", template, {"addresses": full, "add_form": taken}, "ciam_addresses", alice)
    change = {"form": AddressForm(), "current": LONG_ADDRESS}
    yield Page("change-address", "ciam_core/accounts/change_address.html", change, "ciam_change_address", alice)


def _phones() -> Iterator[Page]:
    alice, held = "alice@example.com", "ciam_core/phones/phones.html"
    ask = "ciam_core/phones/request_sms_code.html"
    yield Page("request-text", ask, {"form": PhoneForm()}, "ciam_request_sms_code")
    wrong = _refused(PhoneForm({"phone": "0900 123"}), PhoneRefused())
    yield Page("request-text-wrong", ask, {"form": wrong}, "ciam_request_sms_code")
    sign_up = "ciam_core/phones/sign_up.html"
    yield Page("sign-up-by-number", sign_up, {"form": PhoneSignUpForm()}, "ciam_sign_up_by_phone")
    refused = PhoneSignUpForm({"phone": "0900 123", "password": "short"})
    refused.refuse(PasswordTooShort(min_length=15))
    yield Page("sign-up-by-number-wrong", sign_up, {"form": _refused(refused, PhoneRefused())}, "ciam_sign_up_by_phone")
    either = {"form": SignUpForm(), "by_phone": True}
    yield Page("sign-up-by-number-too", "ciam_core/accounts/sign_up.html", either, "ciam_sign_up")
    recover = {"form": EmailForm(), "by_phone": True}
    yield Page("recover-by-number-too", "ciam_core/accounts/recover.html", recover, "ciam_recover")
    yield Page("recover-by-number", "ciam_core/phones/recover.html", {"form": PhoneForm()}, "ciam_recover_by_phone")
    sent = {"sent_to": "+44 ••••• 23", "minutes": 10, "resend_url": "/resend/", "resend_after": 30}
    code = {**sent, "form": CodeForm(), "by_text": True}
    yield Page("sign-in-text", "ciam_core/accounts/confirm_sign_in_code.html", code)
    first = {**sent, "form": CodeForm(), "signing_up": True}
    yield Page("verify-number", "ciam_core/phones/verify_number.html", first, "ciam_verify_number")
    back = {**sent, "form": RecoverForm(), "by_text": True}
    yield Page("recover-text", "ciam_core/accounts/recover_code.html", back, "ciam_recover_code")
    last = {"addresses": [], "add_form": AddressForm()}
    yield Page("addresses-none", "ciam_core/accounts/addresses.html", last, "ciam_addresses", alice)
    none = {"phones": [], "signs_in": True, "add_form": PhoneForm()}
    yield Page("phones-none", held, none, "ciam_phones", alice)
    rows = [
        {"hint": "+44 ••••• 23", "primary": True, "verified_at": True, "pk": 1},
        {"hint": "+49 ••••• 67", "primary": False, "verified_at": True, "pk": 2},
        {"hint": "+33 ••••• 01", "primary": False, "verified_at": None, "pk": 3},
    ]
    taken = _refused(PhoneForm({"phone": "+44 7911 123456"}), TooManyPhones())
    yield Page("phones-full", held, {"phones": rows, "signs_in": False, "add_form": taken}, "ciam_phones", alice)
    new = {**sent, "form": _refused(CodeForm({"code": "482913"}), CodeRejected())}
    yield Page("confirm-phone", "ciam_core/phones/confirm_phone.html", new, "ciam_confirm_phone", alice)


def _federation() -> Iterator[Page]:
    alice, folder = "alice@example.com", "ciam_federation/"
    marks = {own: f"ciam_federation/marks/{own}.html" for own in ("google", "apple", "facebook", "other")}
    ways = [WayIn(f"Continue with {own.title()}", "/", mark) for own, mark in marks.items()]
    offered = {"ciam": {"ways_in": ways, "ways_up": ways, "product_name": "Shop", "product_initial": "S"}}
    yield Page("federation-sign-in", "ciam_core/accounts/sign_in.html", {"form": SignInForm(), **offered})
    yield Page("federation-sign-up", "ciam_core/accounts/sign_up.html", {"form": SignUpForm(), **offered})
    here = "ciam_federation_continue"
    unproven = {"form": OpenAccountForm(initial={"email": alice}), "name": "Acme", "sign_in_url": "/"}
    yield Page("federation-continue", folder + "continue.html", unproven, here)
    known = {"has_account": True, "name": "Google", "address": LONG_ADDRESS, "sign_in_url": "/", "code_url": "/"}
    yield Page("federation-has-account", folder + "continue.html", known, here)
    finish = {"name": "Google", "address": SENT_TO, "email": LONG_ADDRESS}
    yield Page("federation-finish", folder + "finish.html", finish, "ciam_federation_finish", alice)
    yield Page("federation-trouble", folder + "trouble.html", {"text": str(ProviderUnavailable()), "next_url": "/"})
    offers = [{"id": own, "name": own.title(), "mark": mark} for own, mark in marks.items()]
    linked = [
        {**offer, "id": number, "address": SENT_TO if number else "", "linked_at": date(2026, 3, 12)}
        for number, offer in enumerate(offers[:2])
    ]
    template, here = folder + "linked_accounts.html", "ciam_linked_accounts"
    yield Page("linked-accounts-none", template, {"identities": [], "providers": offers}, here, alice)
    unlinked = ((constants.SUCCESS, "It is unlinked. It does not sign in to this account any more."),)
    yield Page("linked-accounts", template, {"identities": linked, "providers": offers}, here, alice, unlinked)


def _factors() -> Iterator[Page]:
    alice, folder, now = "alice@example.com", "ciam_mfa/", timezone.now()
    phone = Enrolled(totp, 1, "Phone", now - timedelta(days=40), now - timedelta(hours=3), None, None)
    off = Enrolled(totp, 2, LONG_NAME[:64], now - timedelta(days=400), None, now, None)
    codes = Enrolled(recovery_codes, 1, "Recovery codes", now - timedelta(days=40), None, None, 7)
    offers = [Offer(phone, None), Offer(codes, None)]
    ask, here = folder + "challenge/challenge.html", "ciam_challenge"
    yield Page("challenge", ask, {"offer": offers[0], "others": offers[1:], "form": TotpForm()}, here)
    wrong = _refused(TotpForm({"code": "482 913"}), AnswerRejected())
    yield Page("challenge-wrong", ask, {"offer": offers[0], "others": offers[1:], "form": wrong}, here)
    late = [Offer(phone, now + timedelta(minutes=8)), offers[1]]
    yield Page("challenge-locked", ask, {"offer": late[0], "others": late[1:], "form": TotpForm()}, here)
    lost = {"offer": offers[1], "others": [offers[0]], "form": RecoveryCodeForm()}
    yield Page("challenge-recovery-code", ask, lost, here)
    yield Page("challenge-none-left", ask, {"offer": None, "others": [], "form": CiamForm()}, here)
    number = Enrolled(text_messages, 1, "+44 ••••• 23", now - timedelta(days=9), None, None, None)
    texted, sent = Offer(number, None), {"sent_to": "+44\u00a0•••••\u00a023", "minutes": 5, "resend_in": 30}
    yield Page("challenge-text", ask, {"offer": texted, "others": offers, "form": TextedCodeForm()}, here)
    asked = {"offer": texted, "others": offers, "prompt": sent, "form": TextedCodeForm()}
    yield Page("challenge-texted", ask, asked, here)
    missed = _refused(TextedCodeForm({"code": "482 913"}), AnswerRejected())
    yield Page("challenge-texted-wrong", ask, {**asked, "form": missed}, here)
    same: dict[str, Any] = {"offer": None, "others": [], "form": CiamForm(), "is_same_channel": True}
    yield Page("challenge-same-channel", ask, same, here)
    again = {"offer": offers[0], "others": offers[1:], "form": TotpForm()}
    yield Page("step-up", folder + "step_up/step_up.html", again, "ciam_step_up", alice)
    password = {"form": PasswordForm()}
    yield Page("step-up-password", folder + "step_up/confirm_password.html", password, "ciam_step_up", alice)
    listed, here = folder + "factors/factors.html", "ciam_factors"
    none: dict[str, Any] = {"factor": totp, "authenticators": [], "add_url": "/", "may_add": True}
    apps = {**none, "authenticators": [phone, off]}
    kept = {**none, "factor": recovery_codes, "authenticators": [codes], "may_add": False}
    yield Page("factors-none", listed, {"sections": [none]}, here, alice)
    texts = {**none, "factor": text_messages, "authenticators": [number]}
    yield Page("factors", listed, {"sections": [apps, texts, kept], "has_any": True}, here, alice)
    unsafe = [apps, {**kept, "authenticators": [], "may_add": True}]
    yield Page("factors-unsafe", listed, {"sections": unsafe, "has_any": True, "without_backup": True}, here, alice)
    words = needed_by(now + timedelta(days=7))
    yield Page("factors-demanded", listed, {"sections": [none, texts], "demand": words}, here, alice)
    over = {"sections": [none], "demand": needed_by(now - timedelta(days=1))}
    yield Page("factors-demanded-now", listed, over, here, alice)
    going = {"sections": [apps, kept], "has_any": True, "reset": FactorReset(due_at=now + timedelta(hours=20))}
    yield Page("factors-reset", listed, going, here, alice)
    yield Page("factors-wanted", listed, {"sections": [none, texts], "way_back": "/payout/"}, here, alice)
    one = {"own": phone, "form": NameForm(initial={"name": "Phone"})}
    yield Page("authenticator", folder + "factors/authenticator.html", one, "ciam_factors", alice)
    yield Page(
        "remove-authenticator",
        folder + "factors/remove.html",
        {"own": phone, "is_last": True, "form": CiamForm()},
        here,
        alice,
    )
    stays = {"own": phone, "is_last": True, "is_demanded": True}
    yield Page("remove-authenticator-demanded", folder + "factors/remove.html", stays, here, alice)
    yield Page("add-app", folder + "totp/add.html", {"form": CiamForm()}, here, alice)
    yield Page("add-number", folder + "one_time_codes/add.html", {"form": NumberForm()}, here, alice)
    unread = _refused(NumberForm({"phone": "12"}), PhoneRefused())
    yield Page("add-number-wrong", folder + "one_time_codes/add.html", {"form": unread}, here, alice)
    entering = {"prompt": sent, "form": TextedCodeForm()}
    yield Page("confirm-number", folder + "one_time_codes/confirm.html", entering, here, alice)
    mistyped = {"prompt": sent, "form": missed}
    yield Page("confirm-number-wrong", folder + "one_time_codes/confirm.html", mistyped, here, alice)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    drawn = qr_code(enrolment_uri(secret, issuer="Shop", account=alice))
    scan = {"qr_code": drawn, "secret": in_groups(secret), "form": FirstCodeForm()}
    yield Page("confirm-app", folder + "totp/confirm.html", scan, here, alice)
    yield Page("keep-recovery-codes", folder + "recovery_codes/keep.html", {"form": CiamForm()}, here, alice)
    left = {"left": 7, "count": 10, "may_make": True, "form": CiamForm()}
    yield Page("recovery-codes", folder + "recovery_codes/recovery_codes.html", left, here, alice)
    new = {"codes": [f"7kmq-2xvd-9a4t-c0h{number}" for number in range(10)]}
    yield Page("new-recovery-codes", folder + "recovery_codes/new.html", new, here, alice)
    rows = [{"label": "Second factors", "value": "Authenticator app", "url": "/", "action": "Manage"}]
    yield Page("security-alone", folder + "factors/security.html", {"rows": rows}, "ciam_security", alice)


def _passkeys() -> Iterator[Page]:
    alice, folder, now = "alice@example.com", "ciam_mfa/", timezone.now()
    sign_in, here = folder + "passkeys/sign_in.html", "ciam_passkey_sign_in"
    yield Page("passkey-sign-in", sign_in, {"form": PasskeyForm(), "next": "/orders/"}, here)
    handed_in = PasskeyForm({"credential": '{"id": "AA"}'})
    yield Page("passkey-sign-in-refused", sign_in, {"form": _refused(handed_in, PasskeyRefused())}, here)
    sign_up, here = folder + "passkeys/sign_up.html", "ciam_passkey_sign_up"
    yield Page("passkey-sign-up", sign_up, {"form": PasskeySignUpForm()}, here)
    yield Page("passkey-sign-up-wrong", sign_up, {"form": PasskeySignUpForm({"email": LONG_ADDRESS + "@"})}, here)
    add, here = folder + "passkeys/add.html", "ciam_add_passkey"
    yield Page("add-passkey", add, {"form": NewPasskeyForm()}, here, alice)
    full = _refused(NewPasskeyForm({"credential": '{"id": "AA"}', "name": LONG_NAME[:64]}), TooManyAuthenticators())
    yield Page("add-passkey-too-many", add, {"form": full}, here, alice)
    offer, here = folder + "passkeys/offer.html", "ciam_offer_passkey"
    on_the_way = {"form": PasskeyForm(), "next": "/orders/", "goal": "/orders/", "automatic": True}
    yield Page("offer-passkey", offer, on_the_way, here, alice)
    failed = _refused(PasskeyForm({"credential": '{"id": "AA"}'}), PasskeyRefused())
    yield Page("offer-passkey-refused", offer, {**on_the_way, "form": failed}, here, alice)
    laptop = Enrolled(passkeys, 1, "Google Password Manager", now - timedelta(days=40), now, None, None)
    key = Enrolled(passkeys, 2, LONG_NAME[:64], now - timedelta(days=4), None, None, None)
    app = Enrolled(totp, 1, "Phone", now - timedelta(days=40), now - timedelta(hours=3), None, None)
    ask = {"offer": Offer(laptop, None), "others": [Offer(app, None)], "prompt": {}, "form": PasskeyForm()}
    yield Page("challenge-passkey", folder + "challenge/challenge.html", ask, "ciam_challenge")
    by_itself = Enrolled(passkeys, 3, "Apple Passwords", now - timedelta(days=2), None, None, None, demanded=False)
    own = [laptop, key, by_itself]
    section: dict[str, Any] = {"factor": passkeys, "authenticators": own, "add_url": "/", "may_add": True}
    listed = {"sections": [section], "has_any": True}
    yield Page("factors-passkeys", folder + "factors/factors.html", listed, "ciam_factors", alice)


def _trusted_browsers() -> Iterator[Page]:
    alice, folder, now = "alice@example.com", "ciam_mfa/", timezone.now()
    phone = Offer(Enrolled(totp, 1, "Phone", now - timedelta(days=40), None, None, None), None)
    key = Offer(Enrolled(passkeys, 1, "Google Password Manager", now, None, None, None), None)
    ask, here = folder + "challenge/challenge.html", "ciam_challenge"
    offered = {"offer": phone, "others": [key], "trust_days": 30}
    yield Page("challenge-trust", ask, {**offered, "form": TotpForm()}, here)
    wrong = _refused(TotpForm({"code": "482 913"}), AnswerRejected())
    yield Page("challenge-trust-wrong", ask, {**offered, "trusts": True, "form": wrong}, here)
    by_passkey = {"offer": key, "others": [phone], "trust_days": 30, "form": PasskeyForm()}
    yield Page("challenge-trust-passkey", ask, by_passkey, here)
    until = now + timedelta(days=21)
    laptop = ShownBrowser(uuid7(), "browser", "Chrome on Windows", now - timedelta(days=9), now, until, True)
    app = ShownBrowser(uuid7(), "app", "iPhone", now - timedelta(days=3), now - timedelta(hours=3), until)
    stray = ShownBrowser(uuid7(), "browser", "A device we do not recognise", now - timedelta(days=20), None, until)
    listed, here = folder + "trusted_browsers/trusted_browsers.html", "ciam_trusted_browsers"
    yield Page("trusted-browsers", listed, {"browsers": [laptop, app, stray], "trust_days": 30}, here, alice)
    ended = ((constants.SUCCESS, "You are asked everywhere again."),)
    yield Page("trusted-browsers-none", listed, {"browsers": [], "trust_days": 30}, here, alice, ended)
    yield Page("trusted-browsers-off", listed, {"browsers": [], "trust_days": 0}, here, alice)


def _devices() -> Iterator[Page]:
    alice, now = "alice@example.com", timezone.now()

    def used(place: str, minutes: int, *, current: bool = False) -> ShownSession:
        moment = now - timedelta(minutes=minutes)
        return ShownSession(uuid7(), moment, moment, place, current)

    here = ShownDevice(uuid7(), "Chrome on Windows", now, True, [used("near Lyon", 0, current=True)])
    phone = ShownDevice(uuid7(), LONG_NAME[:60], now, False, [used("2001:db8::1", 7), used("near Kyoto", 3000)])
    old = ShownDevice(uuid7(), "Firefox on Linux", now - timedelta(days=90))
    stray = ShownDevice(None, "A device we do not recognise", now, False, [used("", 180)])
    template = "ciam_core/sessions/devices.html"
    yield Page("devices", template, {"devices": [here], "signed_in_elsewhere": False}, "ciam_devices", alice)
    many = {"devices": [here, phone, stray, old], "signed_in_elsewhere": True}
    yield Page("devices-many", template, many, "ciam_devices", alice)
    ended = ((constants.SUCCESS, "Everybody else is signed out."),)
    alone = {"devices": [here, old], "signed_in_elsewhere": False}
    yield Page("devices-others-ended", template, alone, "ciam_devices", alice, ended)
    name = {"form": DeviceNameForm({"name": LONG_NAME}), "device": "Safari on iPhone"}
    yield Page("name-device-wrong", "ciam_core/sessions/name_device.html", name, "ciam_devices", alice)


def render(page: Page, *, language: str = "en") -> str:
    """The page as a browser gets it."""
    with translation.override(language):
        request = RequestFactory().get(reverse(page.here))
        request.resolver_match = resolve(request.path)
        request.user = _person(page.user) if page.user else AnonymousUser()
        request._messages = [Message(level, text) for level, text in page.messages]  # type: ignore[attr-defined]
        return render_to_string(page.template, {"onward": "", **page.context}, request)


def _person(address: str) -> Any:
    kind = get_user_model()
    return kind(**{kind.USERNAME_FIELD: address, kind.get_email_field_name(): address})
