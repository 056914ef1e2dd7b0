"""Invariant 1, MF6: who has a number in place of an address meets the challenge at the same doors."""

import pytest

from ciam_core.accounts.phones.queries import person_at_number
from tests.core.accounts.phones.conftest import (  # noqa: F401  # fixtures
    HERS,
    PhoneApp,
    PhoneBrowser,
    PhonePages,
    _phones_are_on,
    by_number,
    nora,
)
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.people import shows, with_number, with_totp
from tests.texts import code_to

pytestmark = pytest.mark.django_db
NEW = "three ducks on a wooden pier"


@pytest.fixture(params=[PhonePages, PhoneBrowser, PhoneApp])
def door(request):
    return request.param()


def by_password(door):
    door.sign_in(HERS, PASSWORD)


def by_text(door):
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))


def by_recovery(door):
    door.recover_by_phone(HERS)
    door.recover(code_to(HERS), NEW)


@pytest.mark.parametrize("through", [by_password, by_text, by_recovery])
def test_the_number_alone_opens_nothing(door, nora, through):  # noqa: F811
    app = with_totp(nora)
    through(door)
    assert not door.is_signed_in()
    ways.answer(door, f"totp-{app.pk}", shows(app))
    assert door.is_signed_in()


def test_who_gets_a_factor_before_the_number_is_proven_is_asked_for_it(door, by_number):  # noqa: F811
    door.sign_up_by_phone(HERS, PASSWORD)
    app = with_totp(person_at_number(HERS))
    door.verify_number(code_to(HERS))
    assert not door.is_signed_in()
    ways.answer(door, f"totp-{app.pk}", shows(app))
    assert door.is_signed_in()


@pytest.mark.parametrize("through", [by_text, by_recovery])
def test_a_text_is_no_second_factor_after_a_text(door, nora, through, mfa):  # noqa: F811
    mfa(TEXT_MESSAGES=True)
    number = with_number(nora)
    through(door)
    assert not door.is_signed_in()
    answer = door.call("get", "auth/ciam/challenge") if isinstance(door, PhoneBrowser) else door.go("ciam_challenge")
    assert f"text_message-{number.pk}" not in answer.content.decode()
    assert ways.answer(door, f"text_message-{number.pk}", code_to(HERS)).status_code >= 400
    assert not door.is_signed_in()
