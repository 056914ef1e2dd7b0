"""Known devices: who is known where, who is told, and what forgets them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts.flows.password import change_password
from ciam_core.adapters import CoreAdapter
from ciam_core.events import DeviceForgotten, DeviceNamed, SessionEnded, SessionsEnded, SignedIn
from ciam_core.exceptions import SignInRefused
from ciam_core.flows import end_all_sessions, end_session, forget_device, name_device, sign_in_with_password
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.secrets import token_digest
from ciam_core.models import Device, Session
from ciam_core.queries import devices_of, knows_device
from ciam_core.sessions.flows import sweep_devices
from ciam_core.sessions.queries import owner_known_at
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "three ducks on a wooden pier"
REST_LISTS = ("ciam_api_sessions", "ciam_api_devices")


class NearLyon(CoreAdapter):
    def place_of(self, address):
        return "near Lyon"


@pytest.fixture
def signed_in(alice, pages):
    pages.sign_in(alice.email, PASSWORD)
    return pages


@pytest.fixture
def elsewhere(signed_in, alice):
    """Alice's other browser, signed in later."""
    other = Pages(headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    other.sign_in(alice.email, PASSWORD)
    return other


def origin_of(door):
    token = door.cookies["device"].value if "device" in door.cookies else ""
    return Origin(channel=Channel.BROWSER, device=token_digest(token) if token else None)


def test_a_device_is_known_only_after_a_completed_sign_in(alice, pages):
    pages.sign_in(alice.email, "not this one, sorry")
    pages.ask_for_code(alice.email)
    assert "device" not in pages.cookies
    pages.sign_in(alice.email, PASSWORD)
    assert knows_device(alice, origin_of(pages))
    assert not knows_device(alice, SYSTEM)


def test_the_cookie_is_kept_for_long_and_from_scripts(signed_in, alice):
    cookie = signed_in.cookies["device"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (34560000, True, "Lax", "/")


def test_over_https_it_is_bound_to_this_host(pages, alice, settings):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-session", True
    answer = pages.post(reverse("ciam_sign_in"), {"email": alice.email, "password": PASSWORD}, secure=True)
    cookie = answer.cookies["__Host-device"]
    assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


def test_an_app_is_given_its_token_in_a_header_and_sends_it_back(alice):
    app, again = App(), App()
    token = app.sign_in(alice.email, PASSWORD)["X-Device-Token"]
    again.defaults["HTTP_X_DEVICE_TOKEN"] = token
    assert "X-Device-Token" not in again.sign_in(alice.email, PASSWORD)
    assert Device.objects.filter(user=alice).count() == 1


def test_the_first_sign_in_is_told_to_nobody(signed_in, alice):
    assert mails_to(alice.email) == []


def test_a_sign_in_on_the_same_device_is_told_to_nobody(signed_in, alice, recorded):
    signed_in.sign_out()
    signed_in.sign_in(alice.email, PASSWORD)
    assert mails_to(alice.email) == []
    assert [event.new_device for event in recorded(SignedIn)] == [False]


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_a_sign_in_on_a_new_device_is_told(kind, signed_in, alice, core, recorded):
    core(ADAPTER=f"{__name__}.NearLyon")
    thief = kind(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"})
    thief.sign_in(alice.email, PASSWORD)
    told = newest_to(alice.email)
    assert told.subject == "Shop: sign-in on a new device"
    assert "near Lyon" in told.body and "Chrome on Windows" in told.body and "127.0.0.1" in told.body
    assert recorded(SignedIn)[-1].new_device


def test_the_mails_link_takes_the_account_back(signed_in, elsewhere, alice):
    Pages().use_link(link_in(newest_to(alice.email)))
    assert not signed_in.is_signed_in() and not elsewhere.is_signed_in()
    assert not devices_of(alice).exists()
    with pytest.raises(SignInRefused):
        sign_in_with_password(alice.email, password=PASSWORD, origin=SYSTEM)


def test_who_presses_it_in_a_browser_of_hers_is_signed_out_with_the_others(signed_in, elsewhere, alice):
    answer = signed_in.use_link(link_in(newest_to(alice.email)))
    assert answer.url == reverse("ciam_locked_down")
    assert signed_in.get(answer.url).status_code == 200


def test_a_family_shares_a_browser(pages, alice, mallory):
    for person in (alice, mallory, alice, mallory):
        pages.sign_in(person.email, PASSWORD)
        pages.sign_out()
    assert knows_device(alice, origin_of(pages)) and knows_device(mallory, origin_of(pages))
    assert Device.objects.count() == 2
    assert mails_to(alice.email) == mails_to(mallory.email) == []


def test_a_token_planted_in_her_browser_is_not_hers_to_share(pages, alice, mallory):
    """Mallory's own token, set in alice's browser before she signs in, is known to nobody afterwards."""
    mallorys = Pages()
    mallorys.sign_in(mallory.email, PASSWORD)
    pages.cookies["device"] = planted = mallorys.cookies["device"].value
    pages.sign_in(alice.email, PASSWORD)
    assert pages.cookies["device"].value != planted
    assert not knows_device(alice, origin_of(mallorys))


def test_who_notes_her_address_as_theirs_is_a_stranger_to_her_account(alice, mallory, pages):
    """DO5, TH4, DO12: else she guesses past the counts of strangers, with every account of hers anew."""
    pages.sign_in(mallory.email, PASSWORD)
    pages.add_address(alice.email)
    assert owner_known_at(mallory.email, origin_of(pages)) == mallory
    assert owner_known_at(alice.email, origin_of(pages)) is None


def test_a_changed_password_leaves_only_this_device_known(signed_in, elsewhere, alice):
    signed_in.change_password(PASSWORD, NEW)
    assert knows_device(alice, origin_of(signed_in))
    assert not knows_device(alice, origin_of(elsewhere))
    assert signed_in.is_signed_in() and not elsewhere.is_signed_in()


def test_a_password_changed_by_a_script_leaves_none(signed_in, alice):
    change_password(alice, current=PASSWORD, new=NEW, origin=SYSTEM)
    assert not devices_of(alice).exists() and not signed_in.is_signed_in()


def test_recovery_ends_the_trust_in_all(signed_in, elsewhere, alice):
    recovering = Pages()
    recovering.ask_for_recovery(alice.email)
    recovering.recover(code_in(newest_to(alice.email)), NEW)
    assert not knows_device(alice, origin_of(signed_in)) and not knows_device(alice, origin_of(elsewhere))
    assert knows_device(alice, origin_of(recovering))


def test_only_so_many_are_remembered(alice, core):
    core(MAX_DEVICES=2)
    doors = [Pages(), Pages(), Pages()]
    for door in doors:
        door.sign_in(alice.email, PASSWORD)
    assert [knows_device(alice, origin_of(door)) for door in doors] == [False, True, True]


def test_long_unused_devices_are_forgotten_but_for_the_last(signed_in, elsewhere, alice):
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        sweep_devices()
    assert [device.agent for device in devices_of(alice)] == ["Mozilla/5.0 (iPhone) Safari/604.1"]


def test_a_session_is_ended_from_another(signed_in, elsewhere, alice, recorded):
    theirs = Session.objects.get(agent__contains="iPhone")
    assert signed_in.go("ciam_end_session", {}, theirs.pk).url == reverse("ciam_devices")
    assert signed_in.is_signed_in() and not elsewhere.is_signed_in()
    assert [event.session_id for event in recorded(SessionEnded)] == [str(theirs.pk)]


def test_everybody_else_is_signed_out(signed_in, elsewhere, alice, recorded):
    signed_in.go("ciam_end_other_sessions")
    assert "Everybody else is signed out." in signed_in.get(reverse("ciam_devices")).text
    assert not elsewhere.is_signed_in()
    assert [(event.ended, event.others_only) for event in recorded(SessionsEnded)] == [(1, True)]


def test_all_sessions_end(signed_in, elsewhere, alice):
    assert end_all_sessions(alice, origin=SYSTEM, actor=alice) == 2
    assert not signed_in.is_signed_in()


def test_a_device_is_named_and_forgotten(signed_in, elsewhere, alice, recorded):
    phone = devices_of(alice).first()
    signed_in.go("ciam_name_device", {"name": " My phone "}, phone.pk)
    assert "My phone" in signed_in.get(reverse("ciam_devices")).text
    signed_in.go("ciam_forget_device", {}, phone.pk)
    assert not knows_device(alice, origin_of(elsewhere)) and not elsewhere.is_signed_in()
    assert signed_in.is_signed_in()
    assert [event.device_id for event in recorded(DeviceNamed) + recorded(DeviceForgotten)] == [str(phone.pk)] * 2


def test_nothing_of_somebody_else_is_there(signed_in, alice, mallory):
    session, device = Session.objects.get(), devices_of(alice).get()
    thief = Pages()
    thief.sign_in(mallory.email, PASSWORD)
    for answer in (
        thief.go("ciam_end_session", {}, session.pk),
        thief.go("ciam_forget_device", {}, device.pk),
        thief.go("ciam_name_device", {"name": "x"}, device.pk),
        thief.delete(reverse("ciam_api_session", args=[session.pk])),
        thief.delete(reverse("ciam_api_device", args=[device.pk])),
        thief.patch(reverse("ciam_api_device", args=[device.pk]), {"name": "x"}, content_type="application/json"),
    ):
        assert answer.status_code == 404
    for refused in (end_session, forget_device):
        with pytest.raises(NotFoundError):
            refused(mallory, (session if refused is end_session else device).pk, origin=SYSTEM)
    with pytest.raises(NotFoundError):
        name_device(mallory, device.pk, name="x", origin=SYSTEM)
    assert signed_in.is_signed_in()


def test_ending_asks_who_is_there_looking_does_not(signed_in, elsewhere):
    """ASVS 7.5.2."""
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert signed_in.get(reverse("ciam_devices")).status_code == 200
        assert reverse("ciam_reauthenticate") in signed_in.go("ciam_end_other_sessions").url
        answer = signed_in.delete(reverse("ciam_api_other_sessions"))
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_sign_in_required")
        assert elsewhere.is_signed_in()


def test_the_page_costs_as_much_for_many_as_for_one(signed_in, alice):
    signed_in.get(reverse("ciam_devices"))
    with CaptureQueriesContext(connection) as one:
        signed_in.get(reverse("ciam_devices"))
    for _ in range(5):
        Pages().sign_in(alice.email, PASSWORD)
    with CaptureQueriesContext(connection) as many:
        signed_in.get(reverse("ciam_devices"))
    assert len(one) == len(many) == 3


@pytest.mark.parametrize("kind", [Browser, App])
def test_rest_lists_names_and_ends(kind, elsewhere, alice):
    door = kind()
    door.sign_in(alice.email, PASSWORD)
    sessions = door.get("/api/ciam/v1/sessions/").json()["results"]
    assert [(shown["current"], shown["agent"]) for shown in sessions][:2] == [
        (True, "A device we do not recognise"),
        (False, "Safari on iPhone"),
    ]
    devices = door.get("/api/ciam/v1/devices/").json()["results"]
    assert len(devices) == 3
    path = f"/api/ciam/v1/devices/{devices[1]['id']}/"
    named = door.patch(path, {"name": "Phone"}, content_type="application/json").json()
    assert (named["name"], named["label"]) == ("Phone", "Phone")
    assert door.delete(path).status_code == 204
    assert door.delete(f"/api/ciam/v1/sessions/{sessions[2]['id']}/").status_code == 204
    assert door.delete("/api/ciam/v1/sessions/others/").status_code == 204
    assert [shown["current"] for shown in door.get("/api/ciam/v1/sessions/").json()["results"]] == [True]


def test_rest_is_for_people_who_are_signed_in(client):
    for name in REST_LISTS:
        assert client.get(reverse(name)).status_code == 401


def many_of_both(person):
    now = timezone.now()
    known = {"agent": "Firefox", "first_used_at": now, "last_used_at": now}
    Device.objects.bulk_create(Device(digest=f"{person.pk.hex}{n:032}", user=person, **known) for n in range(44))
    begun = {"created_at": now, "last_used_at": now, "expires_at": now + timedelta(days=1)}
    Session.objects.bulk_create(Session(key_digest=f"{person.pk.hex}{n:032}", user=person, **begun) for n in range(44))


@pytest.mark.parametrize("name", REST_LISTS)
def test_rest_gives_twenty_at_a_time_and_says_where_to_go_on(name, signed_in, alice, mallory):
    many_of_both(mallory)
    many_of_both(alice)
    pages = [signed_in.get(reverse(name)).json()]
    pages += [signed_in.get(pages[-1]["next"]).json()]
    pages += [signed_in.get(pages[-1]["next"]).json()]
    assert pages[-1]["next"] is None
    shown = [row["id"] for page in pages for row in page["results"]]
    assert [len(page["results"]) for page in pages] == [20, 20, 5]
    assert shown == sorted(set(shown), reverse=True)


@pytest.mark.parametrize("name", REST_LISTS)
def test_a_page_of_rest_costs_as_much_for_many_as_for_one(name, signed_in, alice):
    signed_in.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        signed_in.get(reverse(name))
    many_of_both(alice)
    with CaptureQueriesContext(connection) as many:
        signed_in.get(reverse(name))
    assert len(one) == len(many) == 2


@pytest.mark.parametrize("name", REST_LISTS)
def test_what_is_no_cursor_is_refused_and_that_of_another_shows_only_ones_own(name, signed_in, alice, mallory):
    answer = signed_in.get(reverse(name), {"before": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    thief = Pages()
    thief.sign_in(mallory.email, PASSWORD)
    theirs = signed_in.get(reverse(name)).json()["results"][0]["id"]
    assert thief.get(reverse(name), {"before": theirs}).json() == {"results": [], "next": None}


def test_rest_leaves_out_what_a_stricter_time_out_has_ended(signed_in, alice, core):
    many_of_both(alice)
    Session.objects.filter(device=None).update(created_at=timezone.now() - timedelta(hours=2))
    core(SESSION_IDLE=timedelta(minutes=30), SESSION_LIFETIME=timedelta(hours=1))
    page = signed_in.get(reverse("ciam_api_sessions")).json()
    assert page["results"] == []
    for _ in range(2):
        page = signed_in.get(page["next"]).json()
    assert [row["current"] for row in page["results"]] == [True]
