"""Alice has a proven number; texts go to a gateway that keeps them (``phone``)."""

import pytest
from django.urls import reverse

from ciam_core.accounts.flows.register import register_by_phone
from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.queries import person_at_number, phones_of
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.doors import DOORS, App, Browser, Pages
from tests.factories import PASSWORD
from tests.texts import KEPT

HERS = "+447911123456"
OTHER = "+491701234567"


@pytest.fixture(autouse=True)
def _phones_are_on(settings):
    KEPT.clear()
    settings.CIAM_CORE = {
        "BREACHED_PASSWORDS": None,
        "PHONES": "sign_in",
        "SMS_BACKEND": "tests.texts.Pocket",
    }


@pytest.fixture
def by_number(settings):
    """People may sign up with a number."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_up"}


@pytest.fixture
def nora(by_number, db, django_capture_on_commit_callbacks):
    """She has a proven number, ``HERS``, a password, and no address."""
    with django_capture_on_commit_callbacks(execute=True):
        opened = register_by_phone(HERS, password=PASSWORD, binding="", origin=SYSTEM)
    verify_phone(opened.proof, origin=SYSTEM)
    return person_at_number(HERS)


@pytest.fixture
def phone(alice, django_capture_on_commit_callbacks):
    """Alice's proven number."""
    with django_capture_on_commit_callbacks(execute=True):
        proof = add_phone(alice, HERS, binding="", origin=SYSTEM)
    verify_phone(proof, origin=SYSTEM)
    return phones_of(alice).get()


class PhonePages(Pages):
    def ask_for_text(self, number):
        return self.go("ciam_request_sms_code", {"phone": number})

    def add_phone(self, number):
        return self.go("ciam_add_phone", {"phone": number})

    def confirm_phone(self, code):
        return self.go("ciam_confirm_phone", {"code": code})

    def sign_up_by_phone(self, number, password):
        return self.go("ciam_sign_up_by_phone", {"phone": number, "password": password})

    def verify_number(self, code):
        return self.go("ciam_verify_number", {"code": code})

    def ask_for_text_again(self):
        return self.go("ciam_resend_number_code")

    def recover_by_phone(self, number):
        return self.go("ciam_recover_by_phone", {"phone": number})

    def waits_for_a_number(self):
        return self.get(reverse("ciam_verify_number")).status_code == 200


class PhoneBrowser(Browser):
    def sign_up_by_phone(self, number, password):
        return self.call("post", "auth/signup", {"phone": number, "password": password})

    def sign_in(self, email, password):
        return self.call("post", "auth/login", {"email" if "@" in email else "phone": email, "password": password})

    def ask_for_text_again(self):
        return self.call("post", "auth/phone/verify/resend")

    def recover_by_phone(self, number):
        return self.call("post", "auth/password/request", {"phone": number})

    def waits_for_a_number(self):
        flows = self.call("get", "auth/session").json()["data"]["flows"]
        return {"id": "verify_phone", "is_pending": True} in flows

    def ask_for_text(self, number):
        return self.call("post", "auth/code/request", {"phone": number})

    def add_phone(self, number):
        return self.call("post", "account/phone", {"phone": number})

    def confirm_phone(self, code):
        return self.call("post", "auth/phone/verify", {"code": code})

    verify_number = confirm_phone


class PhoneApp(PhoneBrowser, App):
    pass


assert len(DOORS) == 3, "a new door needs the words for phones too"


@pytest.fixture(params=[PhonePages, PhoneBrowser, PhoneApp], ids=lambda door: door.__name__)
def door(request, db):
    return request.param()
