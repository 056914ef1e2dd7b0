"""Who has proven to be the owner is told that the account cannot be used; nobody else is."""

import pytest

from tests.core.accounts.doors import App, Browser
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD


@pytest.fixture(params=[Browser, App])
def program(request, db):
    return request.param()


def test_the_right_password_of_a_suspended_account_is_told_so(program, suspended):
    answer = program.sign_in(suspended.email, PASSWORD)
    assert answer.status_code == 403
    assert [error["code"] for error in answer.json()["errors"]] == ["account.unavailable"]
    assert program.call("get", "auth/session").status_code == 401
    assert program.enter_code("123456").status_code == 409


def test_a_wrong_password_is_answered_as_for_an_unknown_address(program, suspended):
    known = program.sign_in(suspended.email, "not this one, sorry")
    unknown = program.sign_in("nobody@example.org", "not this one, sorry")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_a_code_asked_for_before_the_suspension_is_told_so(program, alice):
    program.ask_for_code(alice.email)
    alice.state = alice.State.SUSPENDED
    alice.save()
    answer = program.enter_code(code_in(newest_to(alice.email)))
    assert answer.json()["errors"][0]["code"] == "account.unavailable"
    assert not program.is_signed_in()
