"""All sessions and devices of a person: page after page, masked, ended one by one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ciam_admin.events import PersonalDataRevealed
from ciam_core.adapters import CoreAdapter
from ciam_core.events import DeviceForgotten, SessionEnded
from ciam_core.models import Device, Session
from tests.admin.console.conftest import grant, page
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
WHERE, CALLED = "203.0.113.77", "Alice's own phone"
LISTS = ("sessions", "devices")
SECRETS = [("sessions", "reveal_sessions", WHERE), ("devices", "reveal_devices", CALLED)]


class NearLyon(CoreAdapter):
    def place_of(self, address):
        return "near Lyon"


def held_by(person, *, how_many=1):
    """Sessions and devices of ``person``, the session on the device; the newest of each."""
    now = timezone.now()
    times = {"created_at": now, "last_used_at": now, "expires_at": now + timedelta(days=1)}
    for n in range(how_many):
        known = {"digest": f"{person.pk.hex}{n:032}", "agent": FIREFOX, "name": CALLED}
        device = Device.objects.create(user=person, first_used_at=now, last_used_at=now, **known)
        begun = {"key_digest": f"{person.pk.hex}{n:032}", "agent": FIREFOX, "address": WHERE, "device": device}
        session = Session.objects.create(user=person, **begun, **times)
    return session, device


def rows_of(response):
    return response.context["table"].rows


@pytest.mark.parametrize("name", LISTS)
def test_pages_go_back_and_forth_and_show_everything_once(as_, vera, alice, name):
    held_by(PersonFactory())
    held_by(alice, how_many=120)
    client = as_(vera)
    first = client.get(page(name, alice.pk))
    second = client.get(first.context["cl"]["older_url"])
    third = client.get(second.context["cl"]["older_url"])
    assert [len(rows_of(own)) for own in (first, second, third)] == [50, 50, 20]
    assert not first.context["cl"]["newer_url"] and not third.context["cl"]["older_url"]
    back = client.get(second.context["cl"]["newer_url"])
    assert rows_of(back) == rows_of(first)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_as_much_for_120_rows_as_for_one_and_counts_none(as_, helen, alice, name):
    client = as_(helen)
    held_by(alice)
    client.get(page(name, alice.pk))
    with CaptureQueriesContext(connection) as few:
        client.get(page(name, alice.pk))
    Device.objects.all().delete()
    Session.objects.filter(user=alice).delete()
    held_by(alice, how_many=120)
    with CaptureQueriesContext(connection) as many:
        client.get(page(name, alice.pk))
    assert len(few) == len(many) <= 8
    assert not [own for own in many if "COUNT(" in own["sql"]]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so_and_a_bad_key_leads_to_the_first_page(as_, vera, alice, name):
    client = as_(vera)
    assert "Nothing found." in client.get(page(name, alice.pk)).content.decode()
    assert client.get(page(name, alice.pk), {"older_than": "x"}).url == page(name, alice.pk)
    assert page(name, alice.pk) not in client.get(page("change", alice.pk)).content.decode()


@pytest.mark.parametrize(("name", "reveal", "secret"), SECRETS)
def test_what_is_personal_is_masked_until_a_reason_is_given(as_, helen, alice, recorded, name, reveal, secret):
    session, device = held_by(alice)
    client, seen = as_(helen), "Alice&#x27;s own phone" if secret == CALLED else secret
    masked = [client.get(page(own, alice.pk)).content.decode() for own in (name, reveal, "change")]
    refused = client.post(page(reveal, alice.pk), {"reason": "curiosity"}).content.decode()
    assert not any(seen in text for text in (*masked, refused))
    assert recorded(PersonalDataRevealed) == []

    answer = client.post(page(reveal, alice.pk), {"reason": "fraud", "ticket": "SUP-12"})
    assert seen in answer.content.decode() and "no-store" in answer["Cache-Control"]
    (event,) = recorded(PersonalDataRevealed)
    told = event.subject_id, event.actor_id, event.reason, event.ticket, event.part, str(event.origin.channel)
    assert told == (str(alice.pk), str(helen.pk), "fraud", "SUP-12", name, "admin")
    assert seen not in client.get(page(name, alice.pk)).content.decode()
    hidden = (session.key_digest, device.digest, "Mozilla")
    assert not any(own in answer.content.decode() for own in hidden)


def test_the_page_that_was_looked_at_is_the_one_revealed(as_, helen, alice):
    held_by(alice, how_many=60)
    client = as_(helen)
    second = client.get(client.get(page("sessions", alice.pk)).context["cl"]["older_url"])
    revealed = client.post(second.context["reveal_url"], {"reason": "fraud"})
    assert len(rows_of(revealed)) == 10 and revealed.context["cl"]["newer_url"].startswith(page("sessions", alice.pk))
    assert client.post(page("reveal_sessions", alice.pk) + "?older_than=x", {"reason": "fraud"}).status_code == 302


def test_the_host_s_words_for_a_place_stand_beside_the_address(as_, helen, alice, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "ADAPTER": f"{__name__}.NearLyon"}
    held_by(alice)
    assert "near Lyon" not in as_(helen).get(page("sessions", alice.pk)).content.decode()
    answer = as_(helen).post(page("reveal_sessions", alice.pk), {"reason": "fraud"})
    assert f"{WHERE} (near Lyon)" in answer.content.decode()


def test_one_session_is_ended_and_the_others_stay(as_, helen, alice, recorded):
    """7.4.5"""
    hers, other = as_(alice), as_(alice)
    row = Session.objects.filter(user=alice).latest("pk")
    answer = as_(helen).post(page("end_session", alice.pk, row.pk))
    assert answer.url == page("sessions", alice.pk)
    assert hers.get(reverse("ciam_devices")).status_code == 200
    assert other.get(reverse("ciam_devices")).status_code == 302
    (event,) = recorded(SessionEnded)
    told = event.subject_id, event.actor_id, event.session_id, str(event.origin.channel)
    assert told == (str(alice.pk), str(helen.pk), str(row.pk), "admin")


def test_one_device_is_forgotten_and_its_sessions_end(as_, helen, alice, recorded):
    stays = as_(alice)
    session, device = held_by(alice)
    answer = as_(helen).post(page("forget_device", alice.pk, device.pk))
    assert answer.url == page("devices", alice.pk)
    assert not Device.objects.exists() and not Session.objects.filter(pk=session.pk).exists()
    assert stays.get(reverse("ciam_devices")).status_code == 200
    (event,) = recorded(DeviceForgotten)
    assert (event.subject_id, event.actor_id, event.device_id) == (str(alice.pk), str(helen.pk), str(device.pk))


@pytest.fixture
def urls(alice):
    session, device = held_by(alice)
    return [page("end_session", alice.pk, session.pk), page("forget_device", alice.pk, device.pk)]


def all_is_there():
    return Session.objects.filter(agent=FIREFOX).exists() and Device.objects.exists()


def test_asking_ends_nothing_and_says_what_would_end(as_, helen, urls):
    for url in urls:
        answer = as_(helen).get(url)
        assert answer.status_code == 200 and "Firefox on Windows" in answer.content.decode()
        assert WHERE not in answer.content.decode() and CALLED not in answer.content.decode()
    assert all_is_there()


def test_nor_does_a_form_of_another_site(helen, urls):
    client = Client(enforce_csrf_checks=True)
    client.force_login(helen)
    assert [client.post(url).status_code for url in urls] == [403, 403]
    assert all_is_there()


def test_a_permission_is_needed_and_each_has_its_own(as_, vera, urls):
    client = as_(vera)
    grant(vera, "end_sessions")
    assert [client.get(url).status_code for url in urls] == [200, 403]
    assert client.post(urls[1]).status_code == 403 and all_is_there()


def test_what_is_somebody_else_s_is_not_there_under_this_person(as_, helen, alice):
    mallory = PersonFactory()
    session, device = held_by(mallory)
    client = as_(helen)
    for url in (page("end_session", alice.pk, session.pk), page("forget_device", alice.pk, device.pk)):
        assert client.get(url).status_code == client.post(url).status_code == 404
    assert client.post(page("end_session", alice.pk, device.pk)).status_code == 404
    assert all_is_there()


def test_a_second_press_finds_nothing(as_, helen, alice, recorded):
    session, _ = held_by(alice)
    client = as_(helen)
    assert [client.post(page("end_session", alice.pk, session.pk)).status_code for _ in "12"] == [302, 404]
    assert len(recorded(SessionEnded)) == 1


def test_only_a_superuser_ends_what_is_a_superuser_s_and_nobody_their_own(as_, helen, root):
    other = PersonFactory(is_staff=True, is_superuser=True)
    for person, staff in ((other, helen), (helen, helen), (root, root)):
        session, device = held_by(person)
        below = [page("end_session", person.pk, session.pk), page("forget_device", person.pk, device.pk)]
        for url in (*below, page("reveal_sessions", person.pk), page("reveal_devices", person.pk)):
            assert as_(staff).post(url, {"reason": "fraud"}).status_code == 403
        shown = as_(staff).get(page("sessions", person.pk)).content.decode()
        assert "/end_session/" not in shown and "/reveal/" not in shown
    assert Session.objects.filter(agent=FIREFOX).count() == Device.objects.count() == 3
    session = Session.objects.get(user=other)
    assert as_(root).post(page("end_session", other.pk, session.pk)).status_code == 302


def test_who_may_not_act_is_offered_nothing(as_, vera, helen, alice):
    session, device = held_by(alice)
    links = [page("end_session", alice.pk, session.pk), page("forget_device", alice.pk, device.pk)]
    for staff, offered in ((vera, [False, False]), (helen, [True, True])):
        text = as_(staff).get(page("change", alice.pk)).content.decode()
        assert [link in text for link in links] == offered
    assert "/reveal/" not in as_(vera).get(page("sessions", alice.pk)).content.decode()
