"""A breached password lets its owner in to replace it, and to nothing else."""

import pytest
from django.urls import reverse

from ciam_core.events import BreachCheckUnavailable, PasswordBreachFound
from ciam_core.passwords.breached import BreachCheckUnavailable as Unavailable
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.urls_known import places
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
HERE = "tests.core.accounts.test_required_actions"
MAY_BE_REACHED = {
    "/accounts/confirm/",
    "/accounts/login/confirm/",
    "/accounts/login/confirm/start-again/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/reauthenticate/code/",
    "/accounts/language/",
    "/accounts/logout/",
    "/accounts/link/",
    "/accounts/profile/complete/",
}


class EverythingButOneIsBreached:
    def count(self, digest):
        import hashlib

        return 0 if digest == hashlib.sha1(NEW.encode(), usedforsecurity=False).hexdigest().upper() else 7


class Down:
    def count(self, digest):
        raise Unavailable("no answer")


@pytest.fixture
def breached(core):
    """Somebody whose password has become known since they chose it."""
    core(BREACHED_PASSWORDS=f"{HERE}.EverythingButOneIsBreached")
    return PersonFactory(email="alice@example.org", password_checked_at=None)


@pytest.fixture(params=[Pages, Browser, App])
def pending(request, breached):
    caller = request.param()
    caller.sign_in(breached.email, PASSWORD)
    return caller


@pytest.mark.parametrize("place", places(under="accounts/"), ids=lambda place: place.path)
def test_every_page_leads_to_the_one_where_it_is_done(place, breached):
    pages = Pages()
    pages.sign_in(breached.email, PASSWORD)
    for answer in (pages.get(place.path), pages.post(place.path)):
        if place.path in MAY_BE_REACHED or place.path.startswith(("/accounts/link/", "/accounts/password/reset/")):
            continue
        if answer.status_code not in (404, 405):
            assert answer.status_code == 302
            assert answer.url.split("?")[0] == reverse("ciam_change_password"), place.path


@pytest.mark.parametrize("path", ["/api/ciam/v1/profile/", "/api/ciam/v1/addresses/"])
def test_rest_says_what_there_is_to_do_first(path, pending):
    answer = pending.get(path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "required_action"
    assert answer.json()["action"] == "replace_password"


@pytest.mark.parametrize("kind", [Browser, App])
def test_the_json_of_the_account_says_so_too(kind, breached):
    caller = kind()
    caller.sign_in(breached.email, PASSWORD)
    answers = [caller.call("get", "account/email"), caller.call("post", "account/email", {"email": "x@example.org"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["errors"][0]["code"] == "required_action"


def test_replacing_the_password_opens_the_rest(pending, breached):
    assert pending.change_password(PASSWORD, PASSWORD).status_code == 400
    pending.change_password(PASSWORD, NEW)
    breached.refresh_from_db()
    assert breached.password_breached_at is None
    assert pending.get("/api/ciam/v1/addresses/").status_code == 200
    assert pending.is_signed_in()


def test_the_way_out_is_open(pending):
    pending.sign_out()
    assert not pending.is_signed_in()


def test_recovery_replaces_it_as_well(door, breached):
    from tests.core.accounts.mailbox import code_in, newest_to

    door.sign_in(breached.email, PASSWORD)
    door.sign_out()
    door.ask_for_recovery(breached.email)
    door.recover(code_in(newest_to(breached.email)), NEW)
    assert door.get("/api/ciam/v1/addresses/").status_code == 200


def test_it_is_found_once_and_recorded(breached, recorded):
    Pages().sign_in(breached.email, PASSWORD)
    Browser().sign_in(breached.email, PASSWORD)
    assert len(recorded(PasswordBreachFound)) == 1


def test_no_breached_password_is_chosen(door, core):
    """ASVS 6.2.12."""
    core(BREACHED_PASSWORDS=f"{HERE}.EverythingButOneIsBreached")
    assert door.sign_up("new@example.org", PASSWORD).status_code == 400
    assert door.sign_up("new@example.org", NEW).status_code in (302, 401)


def test_a_corpus_that_is_down_stops_nobody_and_is_asked_again(door, core, recorded):
    core(BREACHED_PASSWORDS=f"{HERE}.Down")
    alice = PersonFactory(email="alice@example.org", password_checked_at=None)
    door.sign_in(alice.email, PASSWORD)
    assert door.is_signed_in()
    assert len(recorded(BreachCheckUnavailable)) == 1
    core(BREACHED_PASSWORDS=f"{HERE}.EverythingButOneIsBreached")
    type(door)().sign_in(alice.email, PASSWORD)
    alice.refresh_from_db()
    assert alice.password_breached_at is not None
