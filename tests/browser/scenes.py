"""Every named page in the states a customer meets, as the server answers them: who is there, what they just did."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from ciam_core.accounts.profile.flows import edit_profile
from ciam_core.federation.errands import PENDING
from ciam_core.federation.flows import link_identity
from ciam_core.federation.identity import Identity
from ciam_core.kernel.origin import SYSTEM
from ciam_core.messages.inbox import EmailBackend, kept_messages
from ciam_core.queries import devices_of
from ciam_mfa.models import TextedNumber, TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.browser.gallery import LONG_ADDRESS, LONG_NAME
from tests.journeys.mailbox import newest_code, newest_link
from tests.mfa.people import shows, with_passkey, with_totp
from tests.mfa.people import wrong as no_code_of
from tests.texts import code_to

ADDRESS = "alice@example.org"
NUMBER = "+447911123456"
PASSWORD = "a quiet morning by the sea"
SHORT = "too short"

Answer = Any  # a response of Django's test client


class Visitor:
    """Somebody at the product who reads ``language``. ``commits`` is pytest-django's way to run what waits for the
    commit.
    """

    def __init__(self, commits: Callable[..., AbstractContextManager[Any]], language: str = "en") -> None:
        agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"
        self.client = Client(headers={"User-Agent": agent, "Accept-Language": language})
        self.commits = commits
        self.language = language

    def get(self, name: str, *args: object, **query: str) -> Answer:
        return self.ask("get", reverse(name, args=args) + (f"?{urlencode(query)}" if query else ""))

    def post(self, name: str, *args: object, **typed: str) -> Answer:
        return self.ask("post", reverse(name, args=args), typed)

    def open_newest_link(self, address: str) -> Answer:
        return self.ask("get", urlsplit(newest_link(address)).path)

    def is_signed_in(self, address: str = ADDRESS, password: str | None = PASSWORD) -> Any:
        person = get_user_model().objects.create_user(email=address, password=password)
        if password is None:
            self.post("ciam_request_sign_in_code", email=address)
            self.post("ciam_confirm_sign_in_code", code=newest_code(address))
        else:
            self.post("ciam_sign_in", email=address, password=password)
        return person

    def has_added(self, address: str, *, proven: bool) -> None:
        self.post("ciam_add_address", email=address)
        if proven:
            self.post("ciam_confirm_address", code=newest_code(address))

    def ask(self, method: str, path: str, data: Any = None) -> Answer:
        """A request, and what waits for its commit."""
        with self.commits(execute=True):
            return getattr(self.client, method)(path, data)


@dataclass(frozen=True)
class Scene:
    """``answer`` brings a visitor to the page called ``url_name``, which answers with ``status``."""

    name: str
    url_name: str
    status: int
    answer: Callable[[Visitor], Answer]


SCENES: list[Scene] = []


def scene(url_name: str, status: int = 200) -> Callable[[Callable[[Visitor], Answer]], Callable[[Visitor], Answer]]:
    def add(answer: Callable[[Visitor], Answer]) -> Callable[[Visitor], Answer]:
        SCENES.append(Scene(answer.__name__, url_name, status, answer))
        return answer

    return add


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@scene("ciam_sign_in")
def sign_in(visitor: Visitor) -> Answer:
    return visitor.get("ciam_sign_in", next="/checkout/")


@scene("ciam_sign_in", 422)
def sign_in_left_empty(visitor: Visitor) -> Answer:
    return visitor.post("ciam_sign_in")


@scene("ciam_sign_in", 400)
def sign_in_refused(visitor: Visitor) -> Answer:
    return visitor.post("ciam_sign_in", email=LONG_ADDRESS, password=PASSWORD)


@scene("ciam_sign_in", 429)
def sign_in_tried_too_often(visitor: Visitor) -> Answer:
    for _ in range(10):
        visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)


@scene("ciam_sign_in")
def sign_in_after_sign_out(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_sign_out")
    return visitor.get("ciam_sign_in")


@scene("ciam_sign_up")
def sign_up(visitor: Visitor) -> Answer:
    return visitor.get("ciam_sign_up")


@scene("ciam_sign_up", 400)
def sign_up_with_a_short_password(visitor: Visitor) -> Answer:
    return visitor.post("ciam_sign_up", email=ADDRESS, password=SHORT)


@scene("ciam_sign_up", 422)
def sign_up_left_empty(visitor: Visitor) -> Answer:
    return visitor.post("ciam_sign_up")


@scene("ciam_verify_address")
def verify_address(visitor: Visitor) -> Answer:
    visitor.post("ciam_sign_up", email=LONG_ADDRESS, password=PASSWORD)
    return visitor.get("ciam_verify_address")


@scene("ciam_verify_address", 400)
def verify_address_with_a_wrong_code(visitor: Visitor) -> Answer:
    visitor.post("ciam_sign_up", email=ADDRESS, password=PASSWORD)
    return visitor.post("ciam_verify_address", code=wrong(newest_code(ADDRESS)))


@scene("ciam_request_sign_in_code")
def request_sign_in_code(visitor: Visitor) -> Answer:
    return visitor.get("ciam_request_sign_in_code")


@scene("ciam_request_sign_in_code", 422)
def request_sign_in_code_for_no_address(visitor: Visitor) -> Answer:
    return visitor.post("ciam_request_sign_in_code", email="alice@")


@scene("ciam_confirm_sign_in_code")
def confirm_sign_in_code(visitor: Visitor) -> Answer:
    visitor.post("ciam_request_sign_in_code", email=ADDRESS)
    return visitor.get("ciam_confirm_sign_in_code")


@scene("ciam_confirm_sign_in_code", 400)
def confirm_sign_in_code_once_tries_are_gone(visitor: Visitor) -> Answer:
    visitor.post("ciam_request_sign_in_code", email=ADDRESS)
    for _ in range(5):
        visitor.post("ciam_confirm_sign_in_code", code="123456")
    return visitor.post("ciam_confirm_sign_in_code", code="123456")


@scene("ciam_resend_sign_in_code", 429)
def another_code_asked_for_too_often(visitor: Visitor) -> Answer:
    for _ in range(10):
        visitor.post("ciam_request_sign_in_code", email=ADDRESS)
    return visitor.post("ciam_resend_sign_in_code")


@scene("ciam_inactive")
def inactive(visitor: Visitor) -> Answer:
    return visitor.get("ciam_inactive")


@scene("ciam_use_link")
def link_to_sign_in(visitor: Visitor) -> Answer:
    get_user_model().objects.create_user(email=LONG_ADDRESS)
    visitor.post("ciam_request_sign_in_code", email=LONG_ADDRESS)
    visitor.open_newest_link(LONG_ADDRESS)
    return visitor.get("ciam_use_link")


@scene("ciam_use_link")
def link_to_take_an_address_back(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_change_address", email="alice@elsewhere.example")
    visitor.post("ciam_confirm_address", code=newest_code("alice@elsewhere.example"))
    visitor.open_newest_link(ADDRESS)
    return visitor.get("ciam_use_link")


@scene("ciam_use_link")
def link_that_says_it_was_not_me(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_change_password", current_password=PASSWORD, new_password=PASSWORD + "!")
    visitor.open_newest_link(ADDRESS)
    return visitor.get("ciam_use_link")


@scene("ciam_locked_down")
def locked_down(visitor: Visitor) -> Answer:
    return visitor.get("ciam_locked_down")


@scene("ciam_link", 400)
def link_that_never_was(visitor: Visitor) -> Answer:
    return visitor.get("ciam_link", "x" * 43)


@scene("ciam_link", 403)
def link_opened_elsewhere(visitor: Visitor) -> Answer:
    get_user_model().objects.create_user(email=ADDRESS)
    visitor.post("ciam_request_sign_in_code", email=ADDRESS)
    return Visitor(visitor.commits, visitor.language).open_newest_link(ADDRESS)


@scene("ciam_use_link", 400)
def no_link_opened(visitor: Visitor) -> Answer:
    return visitor.get("ciam_use_link")


@scene("ciam_recover")
def recover(visitor: Visitor) -> Answer:
    return visitor.get("ciam_recover")


@scene("ciam_recover_code")
def recover_code(visitor: Visitor) -> Answer:
    visitor.post("ciam_recover", email=ADDRESS)
    return visitor.get("ciam_recover_code")


@scene("ciam_recover_code", 422)
def recover_code_left_empty(visitor: Visitor) -> Answer:
    visitor.post("ciam_recover", email=ADDRESS)
    return visitor.post("ciam_recover_code")


@scene("ciam_set_new_password")
def set_new_password(visitor: Visitor) -> Answer:
    get_user_model().objects.create_user(email=LONG_ADDRESS)
    visitor.post("ciam_recover", email=LONG_ADDRESS)
    visitor.open_newest_link(LONG_ADDRESS)
    return visitor.get("ciam_set_new_password")


@scene("ciam_set_new_password", 400)
def set_new_password_to_a_common_one(visitor: Visitor) -> Answer:
    get_user_model().objects.create_user(email=ADDRESS)
    visitor.post("ciam_recover", email=ADDRESS)
    visitor.open_newest_link(ADDRESS)
    return visitor.post("ciam_set_new_password", password="password" * 2)


@scene("ciam_sign_out")
def sign_out(visitor: Visitor) -> Answer:
    visitor.is_signed_in(LONG_ADDRESS)
    return visitor.get("ciam_sign_out")


@scene("ciam_overview")
def overview(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_overview")


@scene("ciam_overview")
def overview_of_long_words(visitor: Visitor) -> Answer:
    person = visitor.is_signed_in(LONG_ADDRESS)
    edit_profile(person, {"full_name": LONG_NAME}, editor="customer", origin=SYSTEM)
    return visitor.get("ciam_overview")


@scene("ciam_profile")
def profile_still_empty(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_profile")


@scene("ciam_profile")
def profile_full_of_long_words(visitor: Visitor) -> Answer:
    person = visitor.is_signed_in(LONG_ADDRESS)
    values = {"full_name": LONG_NAME, "country": "fr", "birthday": "1990-02-28", "newsletter": True}
    edit_profile(person, values, editor="customer", origin=SYSTEM)
    edit_profile(person, {"customer_number": "9" * 60}, editor="staff", origin=SYSTEM)
    visitor.post("ciam_edit_attribute", "country", country="jp")
    return visitor.get("ciam_profile")


@scene("ciam_edit_attribute")
def edit_text(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_edit_attribute", "full_name")


@scene("ciam_edit_attribute", 422)
def edit_text_too_long(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_edit_attribute", "full_name", full_name=LONG_NAME * 5)


@scene("ciam_edit_attribute")
def edit_choice(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_edit_attribute", "country")


@scene("ciam_edit_attribute")
def edit_date(visitor: Visitor) -> Answer:
    person = visitor.is_signed_in()
    edit_profile(person, {"birthday": "1990-02-28"}, editor="customer", origin=SYSTEM)
    return visitor.get("ciam_edit_attribute", "birthday")


@scene("ciam_edit_attribute")
def edit_boolean(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_edit_attribute", "newsletter")


@scene("ciam_complete_profile")
def complete_profile(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_complete_profile", attributes="full_name,country,birthday", next="/checkout/")


@scene("ciam_complete_profile", 422)
def complete_profile_left_empty(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    where = reverse("ciam_complete_profile") + "?attributes=full_name,country,birthday"
    return visitor.ask("post", where, {"full_name": ""})


@scene("ciam_leave")
def leave(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_leave")


@scene("ciam_deactivate")
def deactivate(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_deactivate")


@scene("ciam_schedule_deletion")
def schedule_deletion(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_schedule_deletion")


@scene("ciam_deactivated")
def deactivated(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.ask("get", visitor.post("ciam_deactivate").url)


@scene("ciam_deletion_scheduled")
def deletion_scheduled(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.ask("get", visitor.post("ciam_schedule_deletion").url)


@scene("ciam_come_back")
def come_back_after_a_break(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_deactivate")
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return visitor.get("ciam_come_back")


@scene("ciam_come_back")
def come_back_to_stay(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_schedule_deletion")
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return visitor.get("ciam_come_back")


@scene("ciam_use_link")
def link_that_keeps_an_account(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_schedule_deletion")
    visitor.open_newest_link(ADDRESS)
    return visitor.get("ciam_use_link")


@scene("ciam_overview")
def overview_after_coming_back(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_deactivate")
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    visitor.post("ciam_come_back")
    return visitor.get("ciam_overview")


@scene("ciam_sign_in")
def sign_in_after_keeping_an_account(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_schedule_deletion")
    visitor.open_newest_link(ADDRESS)
    visitor.post("ciam_use_link")
    return visitor.get("ciam_sign_in")


@scene("ciam_security")
def security(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.has_added(LONG_ADDRESS, proven=True)
    return visitor.get("ciam_security")


@scene("ciam_addresses")
def addresses(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_addresses")


@scene("ciam_add_address", 409)
def addresses_all_taken(visitor: Visitor) -> Answer:
    visitor.is_signed_in(LONG_ADDRESS)
    visitor.has_added("alice@work.example", proven=True)
    for number in range(3):
        visitor.has_added(f"{number}.{LONG_ADDRESS}", proven=False)
    return visitor.post("ciam_add_address", email="one.more@example.org")


@scene("ciam_add_address", 422)
def address_added_that_is_none(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_add_address", email=LONG_ADDRESS + "@")


@scene("ciam_addresses")
def address_confirmed(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.has_added(LONG_ADDRESS, proven=True)
    return visitor.get("ciam_addresses")


@scene("ciam_change_address")
def change_address(visitor: Visitor) -> Answer:
    visitor.is_signed_in(LONG_ADDRESS)
    return visitor.get("ciam_change_address")


@scene("ciam_change_address", 409)
def change_address_to_the_present_one(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_change_address", email=ADDRESS)


@scene("ciam_confirm_address")
def confirm_address(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_change_address", email=LONG_ADDRESS)
    return visitor.get("ciam_confirm_address")


@scene("ciam_confirm_address", 400)
def confirm_address_with_a_wrong_code(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_change_address", email=LONG_ADDRESS)
    return visitor.post("ciam_confirm_address", code=wrong(newest_code(LONG_ADDRESS)))


@scene("ciam_activity")
def activity(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_reauthenticate", password=SHORT)
    visitor.has_added(LONG_ADDRESS, proven=True)
    return visitor.get("ciam_activity")


@scene("ciam_activity")
def activity_of_long_ago(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_activity", before="00000000-0000-7000-8000-000000000000")


@scene("ciam_request_sms_code")
def request_text(visitor: Visitor) -> Answer:
    return visitor.get("ciam_request_sms_code")


@scene("ciam_request_sms_code", 400)
def request_text_for_no_number(visitor: Visitor) -> Answer:
    return visitor.post("ciam_request_sms_code", phone="0900 123")


@scene("ciam_confirm_sign_in_code")
def confirm_texted_code(visitor: Visitor) -> Answer:
    visitor.post("ciam_request_sms_code", phone=NUMBER)
    return visitor.get("ciam_confirm_sign_in_code")


def by_number() -> AbstractContextManager[Any]:
    """People may sign up with a number."""
    return override_settings(CIAM_CORE={**settings.CIAM_CORE, "PHONES": "sign_up"})


def signed_up_by_number(visitor: Visitor) -> None:
    visitor.post("ciam_sign_up_by_phone", phone=NUMBER, password=PASSWORD)
    visitor.post("ciam_verify_number", code=code_to(NUMBER))


@scene("ciam_sign_in")
def sign_in_by_address_or_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.get("ciam_sign_in")


@scene("ciam_sign_up")
def sign_up_by_address_or_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.get("ciam_sign_up")


@scene("ciam_sign_up_by_phone")
def sign_up_by_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.get("ciam_sign_up_by_phone")


@scene("ciam_sign_up_by_phone", 400)
def sign_up_by_no_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.post("ciam_sign_up_by_phone", phone="0900 123", password=PASSWORD)


@scene("ciam_verify_number")
def verify_number(visitor: Visitor) -> Answer:
    with by_number():
        visitor.post("ciam_sign_up_by_phone", phone=NUMBER, password=PASSWORD)
        return visitor.get("ciam_verify_number")


@scene("ciam_verify_number", 400)
def verify_number_with_a_wrong_code(visitor: Visitor) -> Answer:
    with by_number():
        visitor.post("ciam_sign_up_by_phone", phone=NUMBER, password=PASSWORD)
        return visitor.post("ciam_verify_number", code=wrong(code_to(NUMBER)))


@scene("ciam_recover")
def recover_by_address_or_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.get("ciam_recover")


@scene("ciam_recover_by_phone")
def recover_by_number(visitor: Visitor) -> Answer:
    with by_number():
        return visitor.get("ciam_recover_by_phone")


@scene("ciam_recover_code")
def recover_code_by_text(visitor: Visitor) -> Answer:
    with by_number():
        visitor.post("ciam_recover_by_phone", phone=NUMBER)
        return visitor.get("ciam_recover_code")


@scene("ciam_overview")
def overview_without_an_address(visitor: Visitor) -> Answer:
    with by_number():
        signed_up_by_number(visitor)
        return visitor.get("ciam_overview")


@scene("ciam_security")
def security_without_an_address(visitor: Visitor) -> Answer:
    with by_number():
        signed_up_by_number(visitor)
        return visitor.get("ciam_security")


@scene("ciam_addresses")
def addresses_none_yet(visitor: Visitor) -> Answer:
    with by_number():
        signed_up_by_number(visitor)
        return visitor.get("ciam_addresses")


@scene("ciam_addresses")
def addresses_the_last_may_go(visitor: Visitor) -> Answer:
    with by_number():
        signed_up_by_number(visitor)
        visitor.has_added(ADDRESS, proven=True)
        return visitor.get("ciam_addresses")


@scene("ciam_reauthenticate")
def reauthenticate_by_text(visitor: Visitor) -> Answer:
    with by_number():
        signed_up_by_number(visitor)
        get_user_model().objects.update(password="!")
        visitor.post("ciam_request_sms_code", phone=NUMBER)
        visitor.post("ciam_confirm_sign_in_code", code=code_to(NUMBER))
        visitor.post("ciam_send_reauthentication_code")
        return visitor.get("ciam_reauthenticate")


@scene("ciam_phones")
def phones_none_yet(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_phones")


@scene("ciam_phones")
def phones_confirmed_and_not(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_phone", phone=NUMBER)
    visitor.post("ciam_confirm_phone", code=code_to(NUMBER))
    visitor.post("ciam_add_phone", phone="+491701234567")
    return visitor.get("ciam_phones")


@scene("ciam_add_phone", 400)
def phone_added_that_is_none(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_add_phone", phone="112")


@scene("ciam_confirm_phone")
def confirm_phone(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_phone", phone=NUMBER)
    return visitor.get("ciam_confirm_phone")


@scene("ciam_confirm_phone", 400)
def confirm_phone_with_a_wrong_code(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_phone", phone=NUMBER)
    return visitor.post("ciam_confirm_phone", code=wrong(code_to(NUMBER)))


@scene("ciam_change_password")
def change_password(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_change_password")


@scene("ciam_change_password", 400)
def change_password_with_a_wrong_one(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_change_password", current_password=SHORT, new_password=PASSWORD + "!")


@scene("ciam_change_password")
def change_password_because_it_was_breached(visitor: Visitor) -> Answer:
    visitor.is_signed_in(password="password" * 2)
    return visitor.get("ciam_change_password")


@scene("ciam_change_password")
def choose_the_first_password(visitor: Visitor) -> Answer:
    visitor.is_signed_in(password=None)
    return visitor.get("ciam_change_password")


@scene("ciam_reauthenticate")
def reauthenticate(visitor: Visitor) -> Answer:
    visitor.is_signed_in(LONG_ADDRESS)
    return visitor.get("ciam_reauthenticate", next="/checkout/")


@scene("ciam_reauthenticate", 400)
def reauthenticate_wrong(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_reauthenticate", password=SHORT)


@scene("ciam_reauthenticate")
def reauthenticate_by_code(visitor: Visitor) -> Answer:
    visitor.is_signed_in(LONG_ADDRESS, password=None)
    return visitor.get("ciam_reauthenticate")


@scene("ciam_reauthenticate")
def reauthenticate_by_a_code_on_its_way(visitor: Visitor) -> Answer:
    visitor.is_signed_in(password=None)
    visitor.post("ciam_send_reauthentication_code")
    return visitor.get("ciam_reauthenticate")


@scene("ciam_federation_continue")
def address_that_nobody_confirmed(visitor: Visitor) -> Answer:
    return _came_back(visitor, proven=False).get("ciam_federation_continue")


@scene("ciam_federation_continue")
def address_that_has_an_account(visitor: Visitor) -> Answer:
    get_user_model().objects.create_user(email=ADDRESS, password=PASSWORD)
    return _came_back(visitor, proven=True).get("ciam_federation_continue")


@scene("ciam_federation_finish")
def link_what_was_shown(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return _came_back(visitor, proven=True).get("ciam_federation_finish")


@scene("ciam_federation_callback", 400)
def came_back_too_late(visitor: Visitor) -> Answer:
    return visitor.get("ciam_federation_callback", "acme", code="x", state="y")


@scene("ciam_linked_accounts")
def nothing_linked_yet(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_linked_accounts")


@scene("ciam_linked_accounts")
def something_linked(visitor: Visitor) -> Answer:
    link_identity(visitor.is_signed_in(), _identity(proven=True), origin=SYSTEM)
    return visitor.get("ciam_linked_accounts")


def _came_back(visitor: Visitor, *, proven: bool) -> Visitor:
    """From a provider, with somebody it knows."""
    visitor.get("ciam_sign_in")
    session = visitor.client.session
    session[PENDING] = {"identity": _identity(proven=proven).to_json(), "next": "", "at": time.time()}
    session.save()
    visitor.client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return visitor


def _identity(*, proven: bool) -> Identity:
    issuer = "https://acme.example"
    return Identity(provider="acme", issuer=issuer, subject="alice-there", address=ADDRESS, proven=proven)


@scene("ciam_inbox")
def inbox_still_empty(visitor: Visitor) -> Answer:
    return visitor.get("ciam_inbox")


@scene("ciam_inbox")
def inbox_with_messages(visitor: Visitor) -> Answer:
    visitor.post("ciam_recover", email=ADDRESS)
    _keep_a_long_message(visitor)
    return visitor.get("ciam_inbox")


@scene("ciam_inbox_message")
def inbox_message(visitor: Visitor) -> Answer:
    return visitor.get("ciam_inbox_message", _keep_a_long_message(visitor))


@scene("ciam_inbox_html")
def inbox_html(visitor: Visitor) -> Answer:
    return visitor.get("ciam_inbox_html", _keep_a_long_message(visitor))


def _keep_a_long_message(visitor: Visitor) -> UUID:
    visitor.post("ciam_sign_up", email=LONG_ADDRESS, password=PASSWORD)
    EmailBackend().send_messages(mail.outbox)
    return kept_messages()[0].id


@scene("ciam_api_docs")
def api_docs(visitor: Visitor) -> Answer:
    return visitor.get("ciam_api_docs")


@scene("ciam_devices")
def devices_one(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_devices")


@scene("ciam_devices")
def devices_several(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    other = Visitor(visitor.commits, visitor.language)
    other.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return visitor.get("ciam_devices")


@scene("ciam_name_device")
def name_device(visitor: Visitor) -> Answer:
    person = visitor.is_signed_in()
    return visitor.get("ciam_name_device", devices_of(person).get().pk)


@scene("ciam_name_device", 422)
def name_device_too_long(visitor: Visitor) -> Answer:
    person = visitor.is_signed_in()
    return visitor.ask("post", reverse("ciam_name_device", args=[devices_of(person).get().pk]), {"name": LONG_NAME})


@scene("ciam_name_device", 404)
def name_device_of_somebody_else(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_name_device", UUID(int=0))


def _has_app(visitor: Visitor) -> Any:
    """Somebody with an authenticator app, signed in with both factors."""
    person = visitor.is_signed_in()
    app = with_totp(person, name="Acme")
    visitor.client.logout()
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    visitor.post("ciam_challenge", authenticator=f"totp-{app.pk}", code=shows(app))
    return app


def _owes_a_factor(visitor: Visitor) -> Any:
    app = _has_app(visitor)
    visitor.client.logout()
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return app


@scene("ciam_challenge")
def challenge(visitor: Visitor) -> Answer:
    _owes_a_factor(visitor)
    return visitor.get("ciam_challenge")


@scene("ciam_challenge", 400)
def challenge_answered_wrongly(visitor: Visitor) -> Answer:
    app = _owes_a_factor(visitor)
    return visitor.post("ciam_challenge", authenticator=f"totp-{app.pk}", code=no_code_of(app))


@scene("ciam_challenge", 422)
def challenge_left_empty(visitor: Visitor) -> Answer:
    app = _owes_a_factor(visitor)
    return visitor.post("ciam_challenge", authenticator=f"totp-{app.pk}")


@scene("ciam_challenge")
def challenge_by_recovery_code(visitor: Visitor) -> Answer:
    _has_app(visitor)
    visitor.post("ciam_recovery_codes")
    visitor.client.logout()
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    key = authenticators_of(get_user_model().objects.get(email=ADDRESS))[1].key
    return visitor.get("ciam_challenge", use=key)


def _trusts_this_browser(visitor: Visitor) -> None:
    """Signed in with both factors, and not to be asked here again."""
    app = _owes_a_factor(visitor)
    TotpAuthenticator.objects.update(last_step=-1)
    visitor.post("ciam_challenge", authenticator=f"totp-{app.pk}", code=shows(app), trust="1")


@scene("ciam_trusted_browsers")
def trusted_browsers(visitor: Visitor) -> Answer:
    _trusts_this_browser(visitor)
    return visitor.get("ciam_trusted_browsers")


@scene("ciam_trusted_browsers")
def trusted_browsers_none_yet(visitor: Visitor) -> Answer:
    _has_app(visitor)
    return visitor.get("ciam_trusted_browsers")


@scene("ciam_step_up")
def step_up(visitor: Visitor) -> Answer:
    _has_app(visitor)
    return visitor.get("ciam_step_up", next="/accounts/profile/")


@scene("ciam_factors")
def factors_none_yet(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_factors")


@scene("ciam_factors")
def factors_without_a_backup(visitor: Visitor) -> Answer:
    _has_app(visitor)
    return visitor.get("ciam_factors")


@scene("ciam_factors")
def factors_with_recovery_codes(visitor: Visitor) -> Answer:
    _has_app(visitor)
    visitor.post("ciam_recovery_codes")
    return visitor.get("ciam_factors")


def _must_have_one(**rule: Any) -> Any:
    return override_settings(CIAM_MFA={"REQUIRED_FOR_STAFF": True, **rule})


def _is_staff(visitor: Visitor) -> Any:
    person = visitor.is_signed_in()
    type(person).objects.update(is_staff=True)
    return person


@scene("ciam_overview")
def overview_with_a_factor_to_add(visitor: Visitor) -> Answer:
    _is_staff(visitor)
    with _must_have_one():
        return visitor.get("ciam_overview")


@scene("ciam_factors")
def factors_to_be_added_in_time(visitor: Visitor) -> Answer:
    _is_staff(visitor)
    with _must_have_one():
        return visitor.get("ciam_factors")


@scene("ciam_factors")
def factors_to_be_added_now(visitor: Visitor) -> Answer:
    _is_staff(visitor)
    with _must_have_one(REQUIRED_WITHIN=timedelta(0)):
        return visitor.get("ciam_factors", next="/accounts/profile/")


@scene("ciam_remove_authenticator")
def remove_the_last_that_must_stay(visitor: Visitor) -> Answer:
    key = f"totp-{_has_app(visitor).pk}"
    get_user_model().objects.update(is_staff=True)
    with _must_have_one():
        return visitor.get("ciam_remove_authenticator", key)


@scene("ciam_authenticator")
def authenticator(visitor: Visitor) -> Answer:
    return visitor.get("ciam_authenticator", f"totp-{_has_app(visitor).pk}")


@scene("ciam_remove_authenticator")
def remove_authenticator(visitor: Visitor) -> Answer:
    return visitor.get("ciam_remove_authenticator", f"totp-{_has_app(visitor).pk}")


@scene("ciam_add_totp")
def add_app(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_add_totp")


@scene("ciam_confirm_totp")
def confirm_app(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_totp")
    return visitor.get("ciam_confirm_totp")


@scene("ciam_confirm_totp", 400)
def confirm_app_with_a_wrong_code(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_totp")
    return visitor.post("ciam_confirm_totp", code=no_code_of(TotpAuthenticator.objects.get()))


@scene("ciam_add_number")
def add_number(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_add_number")


@scene("ciam_add_number", 400)
def add_number_that_is_none(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.post("ciam_add_number", phone="112")


@scene("ciam_confirm_number")
def confirm_number(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_number", phone=NUMBER)
    return visitor.get("ciam_confirm_number")


@scene("ciam_confirm_number", 400)
def confirm_number_with_a_wrong_code(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    visitor.post("ciam_add_number", phone=NUMBER)
    return visitor.post("ciam_confirm_number", code=wrong(code_to(NUMBER)))


def _owes_a_text(visitor: Visitor) -> str:
    visitor.is_signed_in()
    visitor.post("ciam_add_number", phone=NUMBER)
    visitor.post("ciam_confirm_number", code=code_to(NUMBER))
    visitor.client.logout()
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return f"text_message-{TextedNumber.objects.get().pk}"


@scene("ciam_challenge")
def challenge_by_text(visitor: Visitor) -> Answer:
    _owes_a_text(visitor)
    return visitor.get("ciam_challenge")


@scene("ciam_challenge")
def challenge_texted(visitor: Visitor) -> Answer:
    return visitor.post("ciam_challenge", authenticator=_owes_a_text(visitor), begin="1")


@scene("ciam_keep_recovery_codes")
def keep_recovery_codes(visitor: Visitor) -> Answer:
    _has_app(visitor)
    return visitor.get("ciam_keep_recovery_codes")


@scene("ciam_recovery_codes")
def recovery_codes_without_a_factor(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_recovery_codes")


@scene("ciam_recovery_codes")
def recovery_codes_left(visitor: Visitor) -> Answer:
    _has_app(visitor)
    visitor.post("ciam_recovery_codes")
    return visitor.get("ciam_recovery_codes")


@scene("ciam_new_recovery_codes")
def new_recovery_codes(visitor: Visitor) -> Answer:
    _has_app(visitor)
    visitor.post("ciam_recovery_codes")
    return visitor.get("ciam_new_recovery_codes")


def _has_passkey(visitor: Visitor) -> str:
    """Somebody whose second factor is a passkey, after the password."""
    _, row = with_passkey(visitor.is_signed_in(), name="Phone")
    visitor.client.logout()
    visitor.post("ciam_sign_in", email=ADDRESS, password=PASSWORD)
    return f"passkey-{row.pk}"


@scene("ciam_passkey_sign_in")
def passkey_sign_in(visitor: Visitor) -> Answer:
    return visitor.get("ciam_passkey_sign_in", next="/accounts/profile/")


@scene("ciam_passkey_sign_in")
def passkey_sign_in_begun(visitor: Visitor) -> Answer:
    return visitor.post("ciam_passkey_sign_in", begin="1")


@scene("ciam_passkey_sign_in", 400)
def passkey_sign_in_refused(visitor: Visitor) -> Answer:
    return visitor.post("ciam_passkey_sign_in", credential='{"id": "AA"}')


@scene("ciam_challenge")
def challenge_by_passkey(visitor: Visitor) -> Answer:
    return visitor.get("ciam_challenge", use=_has_passkey(visitor))


@scene("ciam_challenge")
def challenge_by_passkey_begun(visitor: Visitor) -> Answer:
    return visitor.post("ciam_challenge", authenticator=_has_passkey(visitor), begin="1")


@scene("ciam_challenge", 400)
def challenge_by_passkey_refused(visitor: Visitor) -> Answer:
    return visitor.post("ciam_challenge", authenticator=_has_passkey(visitor), credential='{"id": "AA"}')


@scene("ciam_add_passkey")
def add_passkey(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_add_passkey")


@scene("ciam_add_passkey")
def add_passkey_begun(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.ask("post", reverse("ciam_add_passkey"), {"begin": "1", "name": "My phone"})


@scene("ciam_add_passkey", 400)
def add_passkey_refused(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    given = {"credential": '{"id": "AA"}', "name": "My phone"}
    return visitor.ask("post", reverse("ciam_add_passkey"), given)


@scene("ciam_passkey_sign_up")
def passkey_sign_up(visitor: Visitor) -> Answer:
    return visitor.get("ciam_passkey_sign_up")


@scene("ciam_passkey_sign_up", 422)
def passkey_sign_up_empty(visitor: Visitor) -> Answer:
    return visitor.post("ciam_passkey_sign_up", email="")


@scene("ciam_offer_passkey")
def offer_passkey(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.get("ciam_offer_passkey", next="/accounts/profile/")


@scene("ciam_offer_passkey")
def offer_passkey_begun(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.ask("post", reverse("ciam_offer_passkey"), {"begin": "1"})


@scene("ciam_offer_passkey", 400)
def offer_passkey_refused(visitor: Visitor) -> Answer:
    visitor.is_signed_in()
    return visitor.ask("post", reverse("ciam_offer_passkey"), {"credential": '{"id": "AA"}'})
