"""What each door and page asks the database: more than this is a change somebody has to mean."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from ciam_core.accounts.urls import urlpatterns
from tests.core.accounts.doors import Pages
from tests.factories import PASSWORD, AddressFactory, PersonFactory
from tests.statements import data_statements

SIGN_IN = 10
SIGN_UP = 17
SESSION = 2  # the session, its person

# What a page asks beside its session. Pages that only ever redirect or answer a post ask nothing else.
PAGES = {
    "ciam_addresses": 1,  # the addresses
    "ciam_overview": 1,
    "ciam_security": 1,
}


@pytest.fixture
def alice(db):
    """Somebody who has been here before."""
    person = PersonFactory(email="alice@example.org")
    Pages().sign_in(person.email, PASSWORD)
    return person


@pytest.fixture
def inside(alice):
    browser = Pages()
    browser.sign_in(alice.email, PASSWORD)
    browser.get(reverse("ciam_overview"))  # which notes that there is nothing to do first
    return browser


def test_a_sign_in_by_form(alice, client):
    typed = {"email": alice.email, "password": PASSWORD}
    asked = data_statements(lambda: client.post(reverse("ciam_sign_in"), typed))
    assert client.get(reverse("ciam_overview")).status_code == 200
    assert len(asked) <= SIGN_IN, asked


def test_a_sign_in_of_an_app(alice, client):
    answers = []
    asked = data_statements(lambda: answers.append(json(client, "login", email=alice.email)))
    assert answers[0].status_code == 200
    assert len(asked) <= SIGN_IN, asked


def test_a_sign_up_by_form(db, client):
    typed = {"email": "new@example.org", "password": PASSWORD}
    asked = data_statements(lambda: client.post(reverse("ciam_sign_up"), typed))
    assert EmailAddress.objects.filter(email="new@example.org").exists()
    assert len(asked) <= SIGN_UP, asked


def test_a_sign_up_of_an_app(db, client):
    asked = data_statements(lambda: json(client, "signup", email="new@example.org"))
    assert EmailAddress.objects.filter(email="new@example.org").exists()
    assert len(asked) <= SIGN_UP, asked


def test_knowing_who_asks(inside):
    asked = data_statements(lambda: inside.get(reverse("ciam_change_password")))
    assert len(asked) <= SESSION, asked


@pytest.mark.parametrize("name", [own.name for own in urlpatterns if not own.pattern.converters])
def test_a_page_asks_as_often_for_fifty_rows_as_for_one(inside, alice, name):
    with_one = asked_by(inside, name)
    AddressFactory.create_batch(50, user=alice)
    assert len(with_one) <= SESSION + PAGES.get(name, 0), with_one
    assert len(asked_by(inside, name)) == len(with_one)


def json(client, path, **given):
    return client.post(f"/_allauth/app/v1/auth/{path}", {**given, "password": PASSWORD}, "application/json")


def asked_by(browser, name):
    return data_statements(lambda: browser.get(reverse(name)))
