"""Leaving by one's own choice, coming back, and what staff close and open again (SE3, invariants 2 and 8)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts.exceptions import AccountUnavailable, ReasonUnknown, StateChanged
from ciam_core.events import (
    AccountDeactivated,
    AccountReactivated,
    AccountReinstated,
    AccountSuspended,
    DeletionCancelled,
    DeletionScheduled,
    SignedIn,
)
from ciam_core.flows import cancel_deletion, deactivate, reinstate, schedule_deletion, suspend
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.models import AbstractCustomer, Erasure
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

State = AbstractCustomer.State
NEW = "three ducks on a wooden pier"
HERS = "alice@example.org"
LEAVING = {"deactivate": deactivate, "schedule_deletion": schedule_deletion}


@pytest.fixture(params=LEAVING)
def gone(request, alice, django_capture_on_commit_callbacks):
    """Alice, who has left one way or the other."""
    with django_capture_on_commit_callbacks(execute=True):
        LEAVING[request.param](alice, origin=SYSTEM)
    return alice


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def come_back(door):
    if isinstance(door, Browser):
        return door.call("post", "auth/come-back")
    return door.go("ciam_come_back")


def state_of(person):
    person.refresh_from_db()
    return person.state


# The way out


@pytest.mark.parametrize(
    ("page", "state", "event", "mail"),
    [
        ("ciam_deactivate", State.DEACTIVATED, AccountDeactivated, "Shop: your account rests"),
        ("ciam_schedule_deletion", State.DELETION_SCHEDULED, DeletionScheduled, "Shop: your account will be deleted"),
    ],
)
def test_a_page_lets_them_leave(pages, alice, recorded, page, state, event, mail):
    pages.sign_in(HERS, PASSWORD)
    answer = pages.go(page)
    assert pages.get(answer.url).status_code == 200
    assert not pages.is_signed_in()
    assert state_of(alice) == state
    assert len(recorded(event)) == 1
    assert newest_to(HERS).subject == mail


@pytest.mark.parametrize("page", ["ciam_leave", "ciam_deactivate", "ciam_schedule_deletion"])
def test_looking_at_it_changes_nothing(pages, alice, page):
    pages.sign_in(HERS, PASSWORD)
    assert pages.get(reverse(page)).status_code == 200
    assert state_of(alice) == State.ACTIVE


@pytest.mark.parametrize("page", ["ciam_deactivate", "ciam_schedule_deletion"])
def test_nobody_leaves_with_a_sign_in_of_long_ago(pages, alice, page):
    pages.sign_in(HERS, PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert "/reauthenticate/" in pages.go(page).url
    assert state_of(alice) == State.ACTIVE


@pytest.mark.parametrize("page", ["ciam_leave", "ciam_deactivate", "ciam_schedule_deletion"])
def test_signed_out_it_asks_to_sign_in(pages, page):
    assert "/login/" in pages.go(page).url


def test_an_account_that_has_left_cannot_leave_again(gone):
    for leave in LEAVING.values():
        with pytest.raises(StateChanged):
            leave(gone, origin=SYSTEM)


# The way back


def test_no_bare_sign_in_brings_them_back(door, gone, recorded):
    door.sign_in(HERS, PASSWORD)
    assert not door.is_signed_in()
    assert recorded(SignedIn) == []
    assert state_of(gone) in (State.DEACTIVATED, State.DELETION_SCHEDULED)


def test_looking_at_the_question_changes_nothing(pages, gone):
    """EN3, RC8."""
    answer = pages.sign_in(HERS, PASSWORD)
    assert pages.get(answer.url).status_code == 200
    assert state_of(gone) != State.ACTIVE


def by_password(door):
    door.sign_in(HERS, PASSWORD)


def by_code(door):
    door.ask_for_code(HERS)
    door.enter_code(code_in(newest_to(HERS)))


def by_recovery(door):
    door.ask_for_recovery(HERS)
    door.recover(code_in(newest_to(HERS)), NEW)


@pytest.mark.parametrize("prove", [by_password, by_code, by_recovery])
def test_who_proves_who_they_are_comes_back_with_one_press(door, gone, prove):
    prove(door)
    assert not door.is_signed_in()
    come_back(door)
    assert door.is_signed_in()
    assert state_of(gone) == State.ACTIVE
    assert not Erasure.objects.exists()


def test_a_mailed_link_leads_to_the_question_too(pages, gone):
    pages.ask_for_code(HERS)
    answer = pages.use_link(link_in(newest_to(HERS)))
    assert "/come-back/" in answer.url
    come_back(pages)
    assert pages.is_signed_in()


@pytest.mark.parametrize("program", [Browser, App])
def test_a_program_is_told_what_it_is_asked(program, gone):
    caller = program()
    answer = caller.sign_in(HERS, PASSWORD)
    assert answer.status_code == 401
    asked = [flow for flow in answer.json()["data"]["flows"] if flow["id"] == "ciam_come_back"]
    assert asked == [{"id": "ciam_come_back", "is_pending": True, "state": gone.state}]


def test_without_the_question_there_is_no_answer(pages, browser, gone):
    assert browser.call("post", "auth/come-back").status_code == 409
    assert "/login/" in pages.go("ciam_come_back").url
    assert state_of(gone) != State.ACTIVE


def test_a_stranger_is_told_nothing(door, gone):
    """EN1: a wrong password is answered as for nobody."""
    wrong = door.sign_in(HERS, "not this one, sorry")
    unknown = type(door)().sign_in("nobody@example.org", "not this one, sorry")
    assert wrong.status_code == unknown.status_code == 400
    assert come_back(door).status_code in (302, 409)
    assert state_of(gone) != State.ACTIVE


def test_a_question_left_open_ends_with_the_password_it_was_asked_for(pages, alice, commits):
    """A thief who knew the old password waits at the question; the owner has been back meanwhile and left again."""
    with commits():
        deactivate(alice, origin=SYSTEM)
    pages.sign_in(HERS, PASSWORD)
    owner = Pages()
    by_recovery(owner)
    come_back(owner)
    with commits():
        deactivate(type(alice).objects.get(pk=alice.pk), origin=SYSTEM)
    come_back(pages)
    assert not pages.is_signed_in()
    assert state_of(alice) == State.DEACTIVATED


def test_a_question_is_no_way_round_a_suspension(door, gone, mallory):
    door.sign_in(HERS, PASSWORD)
    suspend(gone, reason="fraud", actor=mallory, origin=SYSTEM)
    come_back(door)
    assert not door.is_signed_in()
    assert state_of(gone) == State.SUSPENDED


def test_the_host_may_still_refuse_them(door, gone, core):
    core(ADAPTER="tests.core.accounts.adapters.Closed")
    door.sign_in(HERS, PASSWORD)
    come_back(door)
    assert not door.is_signed_in()
    assert state_of(gone) != State.ACTIVE


def test_a_thief_who_brings_a_resting_account_back_is_told_to_its_owner(alice, commits):
    """SE3: leaving forgets every device, and a person's first is told to nobody."""
    Pages().sign_in(alice.email, PASSWORD)
    with commits():
        deactivate(alice, origin=SYSTEM)
    thief = Pages()
    thief.sign_in(alice.email, PASSWORD)
    come_back(thief)
    assert thief.is_signed_in()
    Pages().use_link(link_in(newest_to(alice.email)))
    assert not thief.is_signed_in()


def test_coming_back_is_on_record(pages, gone, recorded):
    was = gone.state
    by_password(pages)
    come_back(pages)
    told = (len(recorded(AccountReactivated)), [event.reason for event in recorded(DeletionCancelled)])
    assert told == ((1, []) if was == State.DEACTIVATED else (0, ["undone"]))


# The undo link


@pytest.fixture
def undo(alice, commits):
    with commits():
        schedule_deletion(alice, origin=SYSTEM)
    return link_in(newest_to(HERS))


def test_the_mailed_link_keeps_the_account(pages, alice, undo):
    pages.use_link(undo)
    assert state_of(alice) == State.ACTIVE
    assert not Erasure.objects.exists()
    assert not pages.is_signed_in()
    assert newest_to(HERS).subject == "Shop: your account stays"


def test_looking_at_the_link_keeps_nothing(alice, undo):
    """RC8: mail scanners look."""
    scanner = Pages()
    scanner.get(scanner.get(undo).url)
    assert state_of(alice) == State.DELETION_SCHEDULED


def test_it_works_the_whole_grace_period_and_no_longer(alice, undo, core):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        Pages().use_link(undo)
        assert state_of(alice) == State.DELETION_SCHEDULED
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        Pages().use_link(undo)
    assert state_of(alice) == State.ACTIVE


def test_it_works_once(alice, undo, commits):
    Pages().use_link(undo)
    with commits():
        schedule_deletion(type(alice).objects.get(pk=alice.pk), origin=SYSTEM)
    Pages().use_link(undo)
    assert state_of(alice) == State.DELETION_SCHEDULED


def test_another_way_back_ends_it(pages, alice, undo):
    by_password(pages)
    come_back(pages)
    assert Pages().get(undo).status_code == 400


def test_a_recovery_asked_for_meanwhile_does_not_end_it(pages, alice, undo):
    by_recovery(Pages())
    pages.use_link(undo)
    assert state_of(alice) == State.ACTIVE


def test_it_does_not_undo_a_suspension(pages, alice, undo, mallory):
    proof = Proof.objects.get(purpose="undo_deletion")
    suspend(alice, reason="fraud", actor=mallory, origin=SYSTEM)
    pages.use_link(undo)
    with pytest.raises(AccountUnavailable):
        cancel_deletion(proof, origin=SYSTEM)
    reinstate(alice, reason="mistake", actor=mallory, origin=SYSTEM)
    pages.use_link(undo)
    assert mails_to(HERS)[-1].subject != "Shop: your account stays"


# A thief who leaves


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING)
def test_this_was_not_me_brings_an_account_back_that_a_thief_has_left(alice, leave, commits, recorded):
    thief = Pages()
    thief.sign_in(HERS, PASSWORD)
    thief.change_password(PASSWORD, NEW)
    alarm = newest_to(HERS)
    with commits():
        leave(alice, origin=SYSTEM)
    Pages().use_link(link_in(alarm))
    assert state_of(alice) == State.ACTIVE
    assert not Erasure.objects.exists()
    assert not alice.has_usable_password()


# Staff


def test_staff_close_and_open_an_account(alice, mallory, pages, commits, recorded):
    with commits():
        suspend(alice, reason="fraud", actor=mallory, origin=SYSTEM)
    assert newest_to(HERS).subject == "Shop: your account is paused"
    assert "fraud" not in newest_to(HERS).body
    pages.sign_in(HERS, PASSWORD)
    assert not pages.is_signed_in()
    with commits():
        reinstate(alice, reason="mistake", actor=mallory, origin=SYSTEM)
    assert newest_to(HERS).subject == "Shop: your account is open again"
    pages.sign_in(HERS, PASSWORD)
    assert pages.is_signed_in()
    [closed], [opened] = recorded(AccountSuspended), recorded(AccountReinstated)
    assert (closed.reason, closed.actor_id, opened.reason) == ("fraud", str(mallory.pk), "mistake")


@pytest.mark.parametrize("change", [suspend, reinstate])
def test_a_reason_is_one_of_the_codes(alice, mallory, change):
    with pytest.raises(ReasonUnknown):
        change(alice, reason="he wrote to me that …", actor=mallory, origin=SYSTEM)


def test_a_suspension_calls_a_deletion_off_and_its_end_leaves_the_account_active(alice, undo, mallory, recorded):
    suspend(alice, reason="legal", actor=None, origin=SYSTEM)
    assert not Erasure.objects.exists()
    assert [event.reason for event in recorded(DeletionCancelled)] == ["suspended"]
    reinstate(alice, reason="resolved", actor=None, origin=SYSTEM)
    assert state_of(alice) == State.ACTIVE


def test_the_suspended_neither_leave_nor_are_suspended_again(suspended, mallory):
    for act in (deactivate, schedule_deletion):
        with pytest.raises(StateChanged):
            act(suspended, origin=SYSTEM)
    with pytest.raises(StateChanged):
        suspend(suspended, reason="fraud", actor=mallory, origin=SYSTEM)


def test_only_the_suspended_are_reinstated(gone, mallory):
    with pytest.raises(StateChanged):
        reinstate(gone, reason="mistake", actor=mallory, origin=SYSTEM)


def test_a_mail_of_staffs_doing_says_nothing_of_where_they_sit(alice, mallory, commits):
    desk = Origin(channel=Channel.ADMIN, address="203.0.113.77", agent="Mozilla/5.0 (X11) Chrome/126.0")
    with commits():
        suspend(alice, reason="fraud", actor=mallory, origin=desk)
    assert "203.0.113.77" not in newest_to(HERS).body and "Chrome" not in newest_to(HERS).body


# JSON


@pytest.fixture(params=[Browser, App])
def program(request, alice):
    caller = request.param()
    caller.sign_in(HERS, PASSWORD)
    return caller


def test_an_account_reads_as_json(program, alice):
    answer = program.get("/api/ciam/v1/account/")
    assert answer.json() == {"id": str(alice.pk), "state": "active", "deletion_grace": "30 00:00:00"}


@pytest.mark.parametrize(("path", "status"), [("deactivation", 204), ("deletion", 202)])
def test_an_app_lets_them_leave_too(program, alice, path, status):
    assert program.post(f"/api/ciam/v1/account/{path}/").status_code == status
    assert state_of(alice) != State.ACTIVE
    assert program.get("/api/ciam/v1/account/").status_code in (401, 403)


@pytest.mark.parametrize("path", ["deactivation", "deletion"])
def test_json_asks_for_a_recent_sign_in(program, alice, path):
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = program.post(f"/api/ciam/v1/account/{path}/")
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_sign_in_required")
    assert state_of(alice) == State.ACTIVE


@pytest.mark.parametrize("path", ["", "deactivation/", "deletion/"])
def test_json_is_for_the_signed_in(client, alice, path):
    method = client.post if path else client.get
    assert method(f"/api/ciam/v1/account/{path}").status_code == 401
