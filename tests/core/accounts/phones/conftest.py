"""Alice has a proven number; texts go to a gateway that keeps them (``phone``)."""

import pytest

from ciam_core.accounts.phones.flows import add_phone
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.accounts.phones.queries import phones_of
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.doors import DOORS, App, Browser, Pages
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


class PhoneBrowser(Browser):
    def ask_for_text(self, number):
        return self.call("post", "auth/code/request", {"phone": number})

    def add_phone(self, number):
        return self.call("post", "account/phone", {"phone": number})

    def confirm_phone(self, code):
        return self.call("post", "auth/phone/verify", {"code": code})


class PhoneApp(PhoneBrowser, App):
    pass


assert len(DOORS) == 3, "a new door needs the words for phones too"


@pytest.fixture(params=[PhonePages, PhoneBrowser, PhoneApp], ids=lambda door: door.__name__)
def door(request, db):
    return request.param()
