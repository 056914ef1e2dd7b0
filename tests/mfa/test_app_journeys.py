"""An app client, over HTTP alone: every factor set up and signed in with, and the phone lost."""

import pytest

from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS
from tests.mfa.people import newest_code, shows
from tests.mfa.soft_authenticator import SoftPasskey

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(alice, settings, mfa):
    """Alice's app, signed in; numbers can be added."""
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None, "PHONES": "sign_in", "SMS_BACKEND": "tests.texts.Pocket"}
    mfa(TEXT_MESSAGES=True)
    hers = App()
    hers.sign_in(HERS, PASSWORD)
    return hers


def rest(app, path, data=None, method="post"):
    return getattr(app, method)(f"/api/ciam/v1/{path}", data, content_type="application/json").json()


def sign_in_anew(app):
    """What it may answer with, by kind."""
    app.sign_out()
    app.sign_in(HERS, PASSWORD)
    assert not app.is_signed_in()
    listed = app.call("get", "auth/ciam/challenge").json()["data"]["authenticators"]
    return {own["factor"]: own["id"] for own in listed}


def begin(app, key):
    return app.call("post", "auth/ciam/challenge", {"authenticator": key, "begin": True}).json()["data"]["prompt"]


def answer(app, key, **given):
    return app.call("post", "auth/ciam/challenge", {"authenticator": key, **given}).status_code


def set_up_totp(app):
    started = rest(app, "factors/totp/")
    waiting = TotpAuthenticator.objects.get(confirmed=False)
    assert started["secret"] == waiting.secret
    rest(app, "factors/totp/confirm/", {"code": shows(waiting), "name": "Phone"})
    return waiting


def test_each_factor_is_set_up_and_signs_in(hers, alice, noon):
    app = set_up_totp(hers)
    passkey = SoftPasskey()
    options = rest(hers, "factors/passkey/")["creation_options"]
    rest(hers, "factors/passkey/confirm/", {"credential": passkey.make(options), "name": "Key"})
    rest(hers, "factors/text-message/", {"phone": "+447911123456"})
    rest(hers, "factors/text-message/confirm/", {"code": newest_code(), "name": "Texts"})
    codes = rest(hers, "factors/recovery-codes/")["codes"]
    assert [own["factor"] for own in rest(hers, "factors/", method="get")] == [
        "passkey",
        "totp",
        "text_message",
        "recovery_codes",
    ]

    noon.shift(60)
    ways = sign_in_anew(hers)
    assert list(ways) == ["passkey", "totp", "text_message", "recovery_codes"]
    assert answer(hers, ways["totp"], code=shows(app)) == 200
    assert hers.is_signed_in()

    ways = sign_in_anew(hers)
    options = begin(hers, ways["passkey"])["request_options"]
    assert answer(hers, ways["passkey"], credential=passkey.get(options)) == 200
    assert hers.is_signed_in()

    ways = sign_in_anew(hers)
    begin(hers, ways["text_message"])
    assert answer(hers, ways["text_message"], code=newest_code()) == 200
    assert hers.is_signed_in()

    ways = sign_in_anew(hers)
    assert answer(hers, ways["recovery_codes"], code=codes[0]) == 200
    assert hers.is_signed_in()
    assert answer(hers, sign_in_anew(hers)["recovery_codes"], code=codes[0]) == 400


def test_who_loses_the_phone_comes_in_by_a_code_and_puts_another_in_its_place(hers, alice, noon):
    lost = set_up_totp(hers)
    codes = rest(hers, "factors/recovery-codes/")["codes"]
    ways = sign_in_anew(hers)
    assert answer(hers, ways["recovery_codes"], code=codes[0]) == 200
    assert rest(hers, f"factors/{ways['totp']}/", method="delete") == []
    new = set_up_totp(hers)

    noon.shift(60)
    ways = sign_in_anew(hers)
    assert list(ways) == ["totp"]
    assert answer(hers, ways["totp"], code=shows(lost)) == 400
    assert answer(hers, ways["totp"], code=shows(new)) == 200
    assert [own.name for own in authenticators_of(alice)] == ["Phone"]
