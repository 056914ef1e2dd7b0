"""Every door leaves the same event: Django's admin as well as ours."""

import pytest
from django.contrib.auth import get_user_model

from ciam_core.events import SignedIn, SignedOut
from ciam_core.kernel.events import event_recorded
from ciam_core.kernel.origin import Channel
from tests.core.accounts.mailbox import link_in, newest_to

PASSWORD = "a quiet morning by the sea"


@pytest.fixture
def seen(db):
    events = []

    def note(event, **_):
        events.append(event)

    event_recorded.connect(note)
    yield events
    event_recorded.disconnect(note)


def test_the_admins_sign_in_and_out_are_events(client, seen):
    get_user_model().objects.create_superuser("staff@example.com", PASSWORD)
    client.post("/admin/login/", {"username": "staff@example.com", "password": PASSWORD})
    client.post("/admin/logout/")
    told = [event for event in seen if isinstance(event, SignedIn | SignedOut)]
    assert [event.name for event in told] == ["session.signed_in", "session.signed_out"]
    assert {event.origin.channel for event in told} == {Channel.ADMIN}


def test_wrong_guesses_at_the_admins_door_are_counted_like_ours(client, seen):
    get_user_model().objects.create_superuser("staff@example.com", PASSWORD)
    for _ in range(10):
        client.post("/admin/login/", {"username": "Staff@example.com", "password": "not this one, sorry"})
    client.post("/admin/login/", {"username": "staff@example.com", "password": PASSWORD})
    assert not [event for event in seen if isinstance(event, SignedIn)]


def test_an_expired_page_says_what_to_do(settings):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"email": "a@example.com", "password": "x"})
    assert answer.status_code == 403
    assert b"Go back, reload it" in answer.content


def test_the_link_of_another_person_ends_the_first_ones_session_and_tells_how_the_second_came(
    pages, alice, mallory, recorded
):
    pages.ask_for_code(mallory.email)
    link = link_in(newest_to(mallory.email))
    pages.sign_in(alice.email, PASSWORD)
    pages.use_link(link)
    assert [(event.subject_id, event.methods) for event in recorded(SignedIn)] == [
        (str(alice.pk), ("password",)),
        (str(mallory.pk), ("code",)),
    ]
    assert [event.subject_id for event in recorded(SignedOut)] == [str(alice.pk)]
    assert pages.go("ciam_add_address", {"email": "new@example.org"}).url == "/accounts/email/confirm/"
