"""Who may not use their account gets in by no door, and is out at the next request (SE3, invariant 2)."""

import pytest

from ciam_core.events import SignedIn
from ciam_core.models import AbstractCustomer
from tests.core.accounts.doors import DOORS, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to, token_in
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
SHUT = [AbstractCustomer.State.SUSPENDED, AbstractCustomer.State.ERASED]
"""Who left by their own choice is asked whether to come back: ``test_leaving``."""
CLOSED = [state for state in AbstractCustomer.State if state != AbstractCustomer.State.ACTIVE]


@pytest.fixture(params=SHUT)
def closed(request, db):
    return PersonFactory(email="sasha@example.org", state=request.param)


def close(person, state="suspended"):
    type(person).objects.filter(pk=person.pk).update(state=state)


def test_no_door_lets_them_in(door, closed, recorded):
    door.sign_in(closed.email, PASSWORD)
    door.ask_for_code(closed.email)
    door.ask_for_recovery(closed.email)
    door.sign_up(closed.email, NEW)
    assert not door.is_signed_in()
    assert recorded(SignedIn) == []
    assert not any("/accounts/link/" in message.body for message in mails_to(closed.email))
    closed.refresh_from_db()
    assert closed.check_password(PASSWORD)


def test_who_knows_the_password_is_told_why(pages, closed):
    answer = pages.sign_in(closed.email, PASSWORD)
    assert pages.get(answer.url).status_code in (200, 403)
    assert "/inactive/" in answer.url


def test_who_does_not_is_told_nothing(door, closed):
    wrong = door.sign_in(closed.email, "wrong")
    unknown = type(door)().sign_in("nobody@example.org", "wrong")
    assert wrong.status_code == unknown.status_code == 400


def test_the_admin_is_closed_too(client, db):
    """MF6."""
    PersonFactory(email="boss@example.org", is_staff=True, is_superuser=True, suspended=True)
    client.post("/admin/login/", {"username": "boss@example.org", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("kind", DOORS)
def test_a_session_is_dead_at_the_next_request(kind, state, alice):
    caller = kind()
    caller.sign_in(alice.email, PASSWORD)
    close(alice, state)
    assert not caller.is_signed_in()
    assert caller.get("/api/ciam/v1/profile/").status_code in (401, 403)


def test_a_code_asked_for_before_opens_nothing_after(door, alice):
    door.ask_for_code(alice.email)
    close(alice)
    door.enter_code(code_in(newest_to(alice.email)))
    assert not door.is_signed_in()
    close(alice, "active")
    assert not door.is_signed_in()


def test_a_recovery_asked_for_before_opens_nothing_after(door, alice):
    door.ask_for_recovery(alice.email)
    message = newest_to(alice.email)
    close(alice)
    door.recover(code_in(message), NEW)
    door.recover_by_link(token_in(message), NEW)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_link_asked_for_before_opens_nothing_after(pages, alice):
    pages.ask_for_code(alice.email)
    close(alice)
    pages.use_link(link_in(newest_to(alice.email)))
    assert not pages.is_signed_in()


def test_a_sign_in_that_waits_for_the_address_does_not_come_in_after(door, bob):
    door.sign_in(bob.email, PASSWORD)
    close(bob)
    door.verify(code_in(newest_to(bob.email)))
    close(bob, "active")
    assert not door.is_signed_in()


def test_the_host_may_refuse_somebody(door, alice, core):
    core(ADAPTER="tests.core.accounts.adapters.Closed")
    door.sign_in(alice.email, PASSWORD)
    door.ask_for_code(alice.email)
    door.enter_code(code_in(newest_to(alice.email)))
    assert not door.is_signed_in()
    assert door.sign_up("new@example.org", NEW).status_code == 403


def test_a_new_browser_of_the_same_person_is_not_what_was_closed(alice):
    close(alice)
    close(alice, "active")
    pages = Pages()
    pages.sign_in(alice.email, PASSWORD)
    assert pages.is_signed_in()
