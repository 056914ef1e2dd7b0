"""Staff find a person by what identifies them, and see masked values until they say why they need more."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from tests.admin.console.conftest import found, page, shown
from tests.factories import AddressFactory, PersonFactory

pytestmark = pytest.mark.django_db

PROFILE = {
    "full_name": {"label": "Full name", "searchable": True, "encrypted": True},
    "nickname": {"label": "Nickname"},
    "secret_name": {"label": "Not for staff", "read": ("customer",), "searchable": True},
}


@pytest.fixture
def named(alice, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PROFILE": PROFILE}
    values = {"full_name": "Alice Moreau", "nickname": "Ally", "secret_name": "Al"}
    edit_profile(alice, values, editor="customer", origin=SYSTEM)
    return alice


@pytest.mark.parametrize("text", ["alice@example.org", " ALICE@Example.org ", "alice@ex", "al", "second@"])
def test_a_person_is_found_by_any_address_or_how_it_begins(as_, vera, alice, text):
    AddressFactory(user=alice, email="second@example.com")
    assert found(as_(vera), text) == [alice.pk]


def test_a_person_is_found_by_id(as_, vera, alice):
    assert found(as_(vera), str(alice.pk)) == [alice.pk]


def test_a_person_is_found_by_the_whole_value_of_a_searchable_attribute(as_, vera, named):
    assert found(as_(vera), "alice moreau") == [named.pk]
    assert found(as_(vera), "alice mor") == []


@pytest.mark.parametrize("text", ["ice@example.org", "example.org", "Ally", "Al%", "_lice"])
def test_nothing_else_finds_anybody(as_, vera, named, text):
    assert found(as_(vera), text) == []


def test_what_staff_may_not_read_they_cannot_search(as_, vera, named):
    edit_profile(named, {"secret_name": "Zed"}, editor="customer", origin=SYSTEM)
    assert found(as_(vera), "Zed") == []


def test_an_address_typed_in_full_finds_its_owner_and_not_a_longer_one(as_, vera, alice):
    PersonFactory(email="alice@example.organic")
    assert found(as_(vera), "alice@example.org") == [alice.pk]


@pytest.mark.parametrize("column", ["password__startswith", "email__icontains", "email", "state__exact", "groups__id"])
def test_no_parameter_looks_into_a_column(as_, root, alice, column):
    """AZ4: ``?password__startswith=a`` would tell a hash letter by letter."""
    assert as_(root).get(page("changelist"), {column: "a"}).status_code == 400


def test_the_list_and_the_page_mask_what_is_personal(as_, vera, named):
    for url in (page("changelist"), page("change", named.pk)):
        text = as_(vera).get(url).content.decode()
        assert "a•••••@e•••.org" in text
        assert not any(own in text for own in ("alice@example.org", "Moreau", "Ally", named.password))


def test_pages_go_back_and_forth_by_key(as_, vera):
    everybody = [vera.pk, *(PersonFactory().pk for _ in range(120))][::-1]
    client = as_(vera)
    first = client.get(page("changelist"))
    second = client.get(page("changelist") + first.context["cl"].older_url)
    third = client.get(page("changelist") + second.context["cl"].older_url)
    assert shown(first) + shown(second) + shown(third) == everybody
    assert (first.context["cl"].newer_url, third.context["cl"].older_url) == ("", "")
    assert shown(client.get(page("changelist") + third.context["cl"].newer_url)) == shown(second)
    assert shown(client.get(page("changelist") + second.context["cl"].newer_url)) == shown(first)


@pytest.mark.parametrize("query", [{}, {"q": "person"}, {"q": "alice@example.org"}])
def test_a_list_costs_as_many_statements_for_300_people_as_for_3_and_counts_none(as_, vera, alice, query):
    client = as_(vera)
    statements(client, query)  # a session's first page also notes what it was cleared of
    PersonFactory(), PersonFactory()
    few = statements(client, query)
    for _ in range(300):
        PersonFactory()
    many = statements(client, query)
    assert len(few) == len(many) <= 8
    assert not [sql for sql in many if "COUNT(" in sql]


def test_a_bad_key_leads_back_to_the_first_page(as_, vera):
    assert as_(vera).get(page("changelist"), {"older_than": "x"}).url.endswith("?e=1")


def test_nobody_is_added_or_deleted_there(as_, root, alice):
    client = as_(root)
    assert client.get(page("add")).status_code == 403
    assert client.post(page("delete", alice.pk), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": str(alice.pk), "post": "yes"}
    client.post(page("changelist"), action)
    assert get_user_model().objects.filter(pk=alice.pk).exists()


def test_no_form_takes_a_password_an_address_or_a_state(as_, root, alice):
    """6.4.6: staff start a recovery; they neither see nor set what opens the account."""
    typed = {"email": "mallory@example.org", "password": "x", "state": "erased", "id": str(root.pk)}
    as_(root).post(page("change", alice.pk), {**typed, "_save": "Save"})
    before = alice.email, alice.password, alice.state
    alice.refresh_from_db()
    assert (alice.email, alice.password, alice.state) == before
    assert as_(root).get(f"{page('changelist')}{alice.pk}/password/").status_code == 302  # to the list: no such page


def statements(client, query):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page("changelist"), query).status_code == 200
    return [query["sql"] for query in captured]
