"""Staff see where a person is signed in and which number is theirs, in words and masked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ciam_core.accounts.phones.normalising import mask_number
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.models import Device, Phone, Session
from tests.admin.console.conftest import found, page

pytestmark = pytest.mark.django_db

HERS = "+447911123456"


@pytest.fixture
def phone(alice, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "add", "SMS_BACKEND": "tests.texts.Pocket"}
    known = {"index": phone_index(HERS), "hint": mask_number(HERS), "verified_at": timezone.now()}
    return Phone.objects.create(user=alice, number=HERS, **known)


@pytest.mark.parametrize("text", [HERS, "+44 7911 123-456"])
def test_a_person_is_found_by_a_whole_number_however_it_is_typed(as_, vera, alice, phone, text):
    assert found(as_(vera), text) == [alice.pk]


def test_neither_a_part_nor_a_number_that_is_not_proven_finds_anybody(as_, vera, phone):
    assert found(as_(vera), HERS[:-1]) == []
    Phone.objects.update(verified_at=None)
    assert found(as_(vera), HERS) == []


def test_where_phones_are_off_no_number_finds_anybody(as_, vera, phone, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "off"}
    assert found(as_(vera), HERS) == []


def test_a_number_is_masked_until_a_reason_is_given(as_, helen, alice, phone):
    client = as_(helen)
    masked = client.get(page("change", alice.pk)).content.decode()
    assert phone.hint in masked and HERS not in masked
    assert HERS in client.post(page("reveal", alice.pk), {"reason": "fraud"}).content.decode()


def test_sessions_and_devices_are_shown_in_words_without_address_or_digest(as_, vera, alice):
    agent, now = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", timezone.now()
    Device.objects.create(digest="d" * 64, user=alice, agent=agent, first_used_at=now, last_used_at=now)
    Client(REMOTE_ADDR="203.0.113.77", headers={"User-Agent": agent}).force_login(alice)
    Session.objects.filter(user=alice).update(agent=agent, address="203.0.113.77")
    text = as_(vera).get(page("change", alice.pk)).content.decode()
    assert text.count("Firefox on Windows") == 2
    hidden = ("203.0.113.77", "d" * 64, Session.objects.get(user=alice).key_digest, "Mozilla")
    assert not any(own in text for own in hidden)


def test_a_page_costs_as_many_statements_for_25_sessions_as_for_one_and_shows_20(as_, vera, alice):
    client = as_(vera)
    Client().force_login(alice)
    few = statements_of(client, alice)
    for _ in range(24):
        Client().force_login(alice)
    assert statements_of(client, alice) == few
    (sessions,) = (own for own in client.get(page("change", alice.pk)).context["tables"] if "Sign" in own.columns[2])
    assert len(sessions.rows) == 20


def statements_of(client, person):
    client.get(page("change", person.pk))
    with CaptureQueriesContext(connection) as asked:
        client.get(page("change", person.pk))
    return len(asked)
