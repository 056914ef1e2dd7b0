"""SE3, invariant 2: whatever ends an account, every credential there is is dead at the very next request."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.urls import reverse

from ciam_core.events import SignedIn
from ciam_core.flows import (
    cancel_deletion,
    come_back,
    deactivate,
    erase,
    lock_down,
    reinstate,
    schedule_deletion,
    suspend,
)
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM
from ciam_core.models import Device
from ciam_core.sessions.engine import SessionStore
from ciam_core.sessions.flows import begin_session
from tests.core.accounts.doors import DOORS, Pages
from tests.core.accounts.mailbox import code_in, link_in, newest_to, token_in
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

HERS = "alice@example.org"
NEW = "three ducks on a wooden pier"


def lock(person):
    lock_down(Proof.objects.filter(purpose="wasnt_me").latest("pk"), origin=SYSTEM)


ENDS = {
    "suspend": lambda person: suspend(person, reason="fraud", actor=None, origin=SYSTEM),
    "deactivate": lambda person: deactivate(person, origin=SYSTEM),
    "schedule_deletion": lambda person: schedule_deletion(person, origin=SYSTEM),
    "erase": lambda person: erase(person, origin=SYSTEM),
    "lock_down": lock,
}


@pytest.fixture(params=ENDS)
def end(request, alarmed, django_capture_on_commit_callbacks):
    def act():
        with django_capture_on_commit_callbacks(execute=True):
            ENDS[request.param](alarmed)

    return act


@pytest.fixture
def alarmed(alice):
    """Alice, who holds a wasn't-me link, as everybody does who ever changed something."""
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    pages.add_address("second@example.org")
    return alice


def test_a_session(door, end):
    door.sign_in(HERS, PASSWORD)
    assert door.is_signed_in()
    end()
    assert not door.is_signed_in()
    assert door.get("/api/ciam/v1/account/").status_code in (401, 403)
    assert door.post("/api/ciam/v1/account/deletion/").status_code in (401, 403)


def test_a_code_to_sign_in(door, end, recorded):
    door.ask_for_code(HERS)
    code = code_in(newest_to(HERS))
    end()
    before = len(recorded(SignedIn))
    door.enter_code(code)
    assert not door.is_signed_in()
    assert len(recorded(SignedIn)) == before
    assert not Proof.objects.filter(purpose="sign_in", used_at=None).exists()


def test_a_link_to_sign_in(pages, end):
    pages.ask_for_code(HERS)
    link = link_in(newest_to(HERS))
    end()
    assert pages.get(link).status_code == 400
    assert not pages.is_signed_in()


def test_a_recovery(door, end, alice):
    door.ask_for_recovery(HERS)
    message = newest_to(HERS)
    end()
    door.recover(code_in(message), NEW)
    door.recover_by_link(token_in(message), NEW)
    assert not door.is_signed_in()
    alice.refresh_from_db()
    assert not alice.check_password(NEW)


def test_an_address_that_waits_to_be_proven(door, end, alice):
    door.sign_in(HERS, PASSWORD)
    door.add_address("third@example.org")
    code = code_in(newest_to("third@example.org"))
    end()
    door.confirm_address(code)
    assert not alice.emailaddress_set.filter(email="third@example.org", verified=True).exists()


@pytest.mark.parametrize("kind", DOORS)
def test_a_sign_in_that_waits_for_its_address(kind, bob, django_capture_on_commit_callbacks):
    waiting = kind()
    waiting.sign_in(bob.email, PASSWORD)
    code = code_in(newest_to(bob.email))
    with django_capture_on_commit_callbacks(execute=True):
        suspend(bob, reason="fraud", actor=None, origin=SYSTEM)
    waiting.verify(code)
    assert not waiting.is_signed_in()


@pytest.mark.parametrize("act", [act for name, act in ENDS.items() if name != "lock_down"])
def test_a_member_of_staff_in_the_admin(client, act):
    boss = PersonFactory(email="boss@example.org", is_staff=True, is_superuser=True)
    client.post(reverse("admin:login"), {"username": boss.email, "password": PASSWORD})
    assert client.get(reverse("admin:index")).status_code == 200
    act(boss)
    assert client.get(reverse("admin:index")).status_code == 302
    client.post(reverse("admin:login"), {"username": boss.email, "password": PASSWORD})
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(("name", "works"), [("suspend", False), ("erase", False), ("deactivate", True)])
def test_a_link_that_takes_something_back_works_for_who_left_and_for_nobody_else(alarmed, name, works):
    """A thief who leaves an account must not end its owner's way back; staff and the eraser do."""
    link = link_in(newest_to(HERS))
    ENDS[name](alarmed)
    Pages().use_link(link)
    alarmed.refresh_from_db()
    assert alarmed.is_active is works


def cancel(person):
    cancel_deletion(Proof.objects.filter(purpose="undo_deletion").latest("pk"), origin=SYSTEM)


BACK = [
    ("suspend", lambda person: reinstate(person, reason="mistake", actor=None, origin=SYSTEM)),
    ("deactivate", lambda person: come_back(person, origin=SYSTEM)),
    ("schedule_deletion", lambda person: come_back(person, origin=SYSTEM)),
    ("schedule_deletion", cancel),
    ("deactivate", lock),
]


@pytest.mark.parametrize(("name", "back"), BACK)
def test_a_sign_in_that_was_under_way_does_not_live_again_when_the_account_does(alarmed, name, back):
    """It has found an account that was open, and writes its session a moment after all others were ended."""
    found = type(alarmed).objects.get(pk=alarmed.pk)
    ENDS[name](alarmed)
    session = SessionStore()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    begin_session(found, session, methods=("password",), remember_device=True, origin=SYSTEM)
    late = Pages()
    late.cookies["session"] = session.session_key
    assert not late.is_signed_in()
    back(alarmed)
    alarmed.refresh_from_db()
    assert alarmed.is_active
    assert not late.is_signed_in()
    assert not Device.objects.filter(user=alarmed).exists()
