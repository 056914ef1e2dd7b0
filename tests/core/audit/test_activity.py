"""A person reads what happened to their account, in plain words, and nobody else's."""

from dataclasses import fields

import pytest
from django.urls import reverse
from django.utils import translation

from ciam_admin import events as staff_events
from ciam_core import events
from ciam_core.audit.queries import activity_of
from ciam_core.audit.words import HIDDEN
from ciam_core.events import PasswordSet, ProfileChanged, SignedIn, SignedOut, SignInRejected
from ciam_core.federation import events as federation_events
from ciam_core.kernel.activities import activities
from ciam_core.kernel.events import Event
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.secrets import destroy_person_key
from ciam_mfa import events as mfa_events
from tests.core.accounts.doors import Pages
from tests.core.audit.trail import PHONE, happen
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

APPS = (events, federation_events, staff_events, mfa_events)
OF_NOBODY = {"staff.trail_exported", "identity.refused"}
"""Events of other apps that have no words: they are about nobody, or only tell staff from staff."""
API = "/api/ciam/v1/activity/"


@pytest.fixture
def pages(alice):
    pages = Pages(headers={"User-Agent": PHONE.agent})
    pages.sign_in(alice.email, PASSWORD)
    return pages


def titles(person):
    return [happening.title for happening in activity_of(str(person.pk))[0]]


def test_every_event_has_words_or_is_hidden_on_purpose():
    told = {getattr(app, name).name for app in APPS for name in app.__all__}
    assert told >= HIDDEN
    assert told - HIDDEN - OF_NOBODY == set(activities.names())


def test_words_stand_whatever_an_event_tells():
    for name in activities.names():
        for details in ({}, {"methods": ["passkey"]}, {"reason": "new"}, {"purpose": "new"}):
            assert str(activities[name].title(details))


def test_the_newest_stands_first_and_says_where_it_came_from(alice):
    happen(str(alice.pk), kind=PasswordSet, reason="changed")
    happen(str(alice.pk), kind=SignInRejected, method="password", reason="password")
    refused, changed = activity_of(str(alice.pk))[0]
    assert (refused.title, refused.refused) == ("A sign-in was refused", True)
    assert (changed.title, changed.refused) == ("Password changed", False)
    assert (changed.device, changed.address) == ("Safari on iPhone", "203.0.113.7")


def test_what_staff_did_says_so_and_not_who_or_from_where(alice, pages):
    happen(str(alice.pk), kind=ProfileChanged, attributes=("tier",), actor_id="staff-member-7")
    happening = activity_of(str(alice.pk))[0][0]
    assert (happening.by_staff, happening.device, happening.address) == (True, "", "")
    page = pages.get(reverse("ciam_activity")).content.decode()
    assert "our staff" in page and "staff-member-7" not in page
    assert "staff-member-7" not in pages.get(API).content.decode()


def test_an_event_without_words_is_left_out(alice):
    class OrderPlaced(Event):
        name = "shop.order_placed"

    assert [own.name for own in fields(OrderPlaced)]
    happen(str(alice.pk), kind=OrderPlaced)
    happen(str(alice.pk), kind=SignedOut)
    assert titles(alice) == ["Signed out"]


def test_what_cannot_be_read_any_more_keeps_its_name(alice):
    happen(str(alice.pk), kind=PasswordSet, reason="recovered")
    destroy_person_key(str(alice.pk))
    assert titles(alice) == ["Password changed"]


def test_it_speaks_the_readers_language(alice):
    happen(str(alice.pk), kind=SignedOut)
    with translation.override("de"):
        assert titles(alice) == ["Abgemeldet"]


def test_the_page_shows_it(pages):
    page = pages.get(reverse("ciam_activity")).content.decode()
    assert "Signed in with the password" in page and "Safari on iPhone" in page and "127.0.0.1" in page
    assert 'aria-current="page">Activity' in page


def test_older_ones_are_a_link_away_and_none_is_missed(alice, pages):
    for _ in range(44):
        happen(str(alice.pk), kind=SignedOut)
    url, seen = reverse("ciam_activity"), 0
    for expected in (20, 20, 5):
        answer = pages.get(url)
        seen += len(answer.context["happenings"])
        assert len(answer.context["happenings"]) == expected
        url = f"{reverse('ciam_activity')}?before={answer.context['older']}"
    assert seen == 45 and answer.context["older"] is None


def test_however_much_there_is_it_costs_the_same(alice, django_assert_num_queries):
    for count in (1, 40):
        for _ in range(count):
            happen(str(alice.pk), kind=SignedIn, methods=("password",))
        with django_assert_num_queries(2):
            activity_of(str(alice.pk))


def test_json_pages_by_its_own_links(alice, pages):
    for _ in range(24):
        happen(str(alice.pk), kind=SignedOut)
    first = pages.get(API).json()
    assert set(first["results"][0]) == {
        "id", "event", "title", "occurred_at", "refused", "by_staff", "device", "address",
    }  # fmt: skip
    second = pages.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (20, 5, None)
    assert not {own["id"] for own in first["results"]} & {own["id"] for own in second["results"]}


def test_another_persons_is_not_shown_even_from_their_place(alice, mallory, pages):
    theirs = happen(str(mallory.pk), kind=SignedOut)
    for answer in (pages.get(API), pages.get(f"{API}?before={theirs.id}")):
        assert {own["event"] for own in answer.json()["results"]} <= {"session.signed_in"}


@pytest.mark.parametrize("before", ["1", "' OR 1=1", "x" * 5000])
def test_a_cursor_that_is_none_is_refused(pages, before):
    assert pages.get(API, {"before": before}).status_code == 400
    assert pages.get(reverse("ciam_activity"), {"before": before}).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(API).status_code == 401
    assert client.get(reverse("ciam_activity")).status_code == 302


def test_before_the_first_there_is_nothing(alice, client):
    client.force_login(alice)
    answer = client.get(reverse("ciam_activity"), {"before": "00000000-0000-7000-8000-000000000000"})
    assert "Nothing happened before that." in answer.content.decode()


def test_a_script_has_no_device(alice):
    happen(str(alice.pk), kind=SignedOut, origin=SYSTEM)
    happening = activity_of(str(alice.pk))[0][0]
    assert (happening.device, happening.address) == ("", "")
