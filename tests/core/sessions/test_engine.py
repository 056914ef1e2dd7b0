"""Our session engine (SE1, SE2, SE4, SE7, SE10, AU3)."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from ciam_core.events import SessionEnded
from ciam_core.kernel.origin import SYSTEM, Channel
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.secrets import token_digest
from ciam_core.models import Device, Session
from ciam_core.queries import live_sessions_of
from ciam_core.sessions.engine import SessionStore
from ciam_core.sessions.finding import find_session
from ciam_core.sessions.flows import begin_session
from ciam_core.tasks import clear_sessions
from tests.core.accounts.doors import App, Pages
from tests.factories import PASSWORD, PersonFactory
from tests.racing import race
from tests.statements import data_statements

pytestmark = pytest.mark.django_db


def hello(request):
    return HttpResponse(str(request.user.is_authenticated))


urlpatterns = [path("hello/", hello)]


@pytest.fixture
def signed_in(alice, pages):
    pages.sign_in(alice.email, PASSWORD)
    return pages


def test_a_signed_in_page_costs_one_statement(signed_in, settings, django_assert_num_queries):
    signed_in.get(reverse("ciam_overview"))  # now the session is cleared
    settings.ROOT_URLCONF = __name__
    with django_assert_num_queries(1):
        assert signed_in.get("/hello/").content == b"True"


def test_a_sign_in_writes_its_session_once(alice, pages):
    pages.sign_in(alice.email, PASSWORD)
    pages.sign_out()
    asked = data_statements(lambda: pages.sign_in(alice.email, PASSWORD))
    written = [sql for sql in asked if '"ciam_core_session"' in sql]
    assert len(written) == 1 and 'INSERT INTO "ciam_core_session"' in written[0]


def test_a_session_found_by_hand_is_as_the_orm_finds_it(signed_in, alice):
    found = find_session(Session.objects.get().key_digest, timezone.now())
    expected = Session.objects.select_related("user").get()
    assert vars_of(found) == vars_of(expected)
    assert vars_of(found.user) == vars_of(expected.user) == vars_of(alice.__class__.objects.get(pk=alice.pk))


def vars_of(instance):
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def test_the_row_tells_who_where_and_how(signed_in, alice):
    session = Session.objects.get()
    assert (session.user, session.channel, session.methods, session.level) == (alice, "browser", "password", 1)
    assert session.address == "127.0.0.1"
    assert session.device == Device.objects.get(user=alice)


def test_neither_key_nor_token_is_in_the_database(signed_in, caplog):
    """AU3."""
    caplog.set_level(logging.DEBUG)
    signed_in.get(reverse("ciam_devices"))
    key, token = signed_in.cookies["session"].value, signed_in.cookies["device"].value
    assert len(token) == 43
    dump = str([*Session.objects.values_list(), *Device.objects.values_list()]) + caplog.text
    assert token_digest(key) in dump and token_digest(token) in dump
    assert key not in dump and token not in dump


def test_a_stolen_digest_is_no_key(signed_in):
    """What a reader of the database has opens nothing."""
    thief = Pages()
    thief.cookies["session"] = Session.objects.get().key_digest
    assert not thief.is_signed_in()


def test_the_anonymous_row_becomes_the_persons_under_another_key(pages, alice):
    """SE1: nothing is left under the planted key."""
    pages.ask_for_code(alice.email)
    planted = pages.cookies["session"].value
    pages.sign_in(alice.email, PASSWORD)
    assert not Session.objects.filter(key_digest=token_digest(planted)).exists()
    assert Session.objects.count() == 1


def test_a_session_ended_mid_request_is_not_brought_back(alice):
    """The row is gone between reading and writing."""
    store = SessionStore()
    begin_session(alice, store, methods=("password",), remember_device=False, origin=SYSTEM)
    later = SessionStore(store.session_key)
    assert later.get("x") is None
    Session.objects.all().delete()
    later["x"] = 1
    with pytest.raises(UpdateError):
        later.save()
    assert not Session.objects.exists()


def test_using_an_ended_session_does_not_bring_it_back(alice, time_machine):
    time_machine.move_to("2026-01-01T10:00:00Z", tick=False)
    store = SessionStore()
    begin_session(alice, store, methods=(), remember_device=False, origin=SYSTEM)
    time_machine.move_to("2026-01-01T10:30:00Z", tick=False)
    row = Session.objects.get()
    row.delete()
    assert SessionStore(store.session_key).person() is None
    assert not Session.objects.exists()


def test_reading_writes_the_last_use_once_in_five_minutes(signed_in, django_assert_num_queries):
    signed_in.get(reverse("ciam_overview"))
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        before = Session.objects.get().last_used_at
        signed_in.get(reverse("ciam_overview"))
        after = Session.objects.get().last_used_at
        assert after > before
        with django_assert_num_queries(1):
            SessionStore(signed_in.cookies["session"].value).get("x")


@pytest.mark.parametrize(("staff", "kept", "ended"), [(False, 13, 15), (True, 0, 1)])
def test_an_unused_session_ends(staff, kept, ended):
    """ASVS 7.3.1: two weeks, an hour for staff."""
    person = PersonFactory(is_staff=staff)
    pages = Pages()
    pages.sign_in(person.email, PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(days=kept)):
        assert pages.is_signed_in()
    with time_machine.travel(timezone.now() + timedelta(days=ended + kept)):
        assert not pages.is_signed_in()


def test_a_session_in_daily_use_ends_after_its_lifetime(signed_in):
    """ASVS 7.3.2."""
    start = timezone.now()
    for day in range(1, 30, 5):
        with time_machine.travel(start + timedelta(days=day)):
            assert signed_in.is_signed_in()
    with time_machine.travel(start + timedelta(days=31)):
        assert not signed_in.is_signed_in()


def test_a_stricter_setting_ends_old_sessions_at_their_next_request(signed_in, alice, core):
    """SE7."""
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        core(SESSION_IDLE=timedelta(days=1))
        assert live_sessions_of(alice) == []
        assert not signed_in.is_signed_in()


def test_the_newest_sessions_of_a_person_are_kept_and_each_end_is_told(alice, core, recorded):
    core(MAX_SESSIONS=2)
    doors = [Pages(), App(), Pages()]
    for door in doors[:2]:
        door.sign_in(alice.email, PASSWORD)
    assert recorded(SessionEnded) == []
    first = Session.objects.filter(user=alice).earliest("created_at")
    doors[2].sign_in(alice.email, PASSWORD)
    assert [door.is_signed_in() for door in doors] == [False, True, True]
    assert [event.session_id for event in recorded(SessionEnded)] == [str(first.pk)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_sign_ins_at_once_leave_as_many_sessions_as_may_be(core):
    """SE8."""
    core(MAX_SESSIONS=3)
    alice = PersonFactory()

    def sign_in():
        begin_session(alice, SessionStore(), methods=("password",), remember_device=False, origin=SYSTEM)

    assert race(sign_in) == [None] * 50
    assert Session.objects.filter(user=alice).count() == 3


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_requests_of_a_session_that_ends_meanwhile_leave_none():
    """Invariant 2: what still runs brings nothing back."""
    alice = PersonFactory()
    store = SessionStore()
    begin_session(alice, store, methods=("password",), remember_device=False, origin=SYSTEM)
    started = iter(range(50))

    def use():
        if next(started) == 25:
            with transaction.atomic():
                end_all_access(alice, reason="suspended")
            return
        held = SessionStore(store.session_key)
        held["x"] = 1
        if held.session_key == store.session_key:
            held.save()

    race(use)
    assert not Session.objects.filter(user=alice).exists()


def test_the_same_browser_for_two_people_shares_no_session(pages, alice, mallory):
    """SE10."""
    pages.sign_in(alice.email, PASSWORD)
    hers = pages.cookies["session"].value
    pages.sign_out()
    pages.sign_in(mallory.email, PASSWORD)
    assert not Session.objects.filter(user=alice).exists()
    thief = Pages()
    thief.cookies["session"] = hers
    assert not thief.is_signed_in()


def test_expired_rows_are_swept(signed_in, alice):
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        clear_sessions()
    assert not Session.objects.exists()


def test_djangos_test_client_signs_in_as_ever(alice):
    client = Client()
    client.force_login(alice)
    assert client.get(reverse("ciam_overview")).status_code == 200
    assert not Device.objects.exists()
    client.logout()
    assert not Session.objects.exists()


def test_a_host_may_ask_for_an_earlier_end(client):
    session = client.session
    session["cart"] = [1]
    session.set_expiry(60)
    session.save()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert SessionStore(session.session_key).get("cart") is None


def test_the_admins_sessions_are_the_admins(db):
    boss = PersonFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.post("/admin/login/", {"username": boss.email, "password": PASSWORD})
    assert Session.objects.get(user=boss).channel == Channel.ADMIN
