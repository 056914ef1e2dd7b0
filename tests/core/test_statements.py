"""What each door and page asks the database: more than this is a change somebody has to mean."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse

from ciam_core.accounts.urls import urlpatterns
from tests.core.accounts.doors import Pages
from tests.factories import PASSWORD, AddressFactory, PersonFactory
from tests.statements import data_statements

# The person whose device it is, count, settle, factors, the person's key, event, session; the device is noted with the
# session, by a statement of its own on SQLite.
SIGN_IN = 7 if connection.vendor == "postgresql" else 8
SIGN_IN_ON_A_NEW_DEVICE = 11
SIGN_UP = 13
SESSION = 1  # with its person

# What a page asks beside its session. Pages that only ever redirect or answer a post ask nothing else.
PAGES = {
    "ciam_addresses": 1,  # the addresses
    "ciam_overview": 4,  # addresses, last sign-in, factors, and whether a passkey has just been offered
    "ciam_security": 3,
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
    def sign_in():
        client.post(reverse("ciam_sign_in"), {"email": alice.email, "password": PASSWORD})

    first = data_statements(sign_in)
    assert client.get(reverse("ciam_overview")).status_code == 200
    client.post(reverse("ciam_sign_out"))
    again = data_statements(sign_in)
    assert client.get(reverse("ciam_overview")).status_code == 200
    assert len(first) <= SIGN_IN_ON_A_NEW_DEVICE, first
    assert len(again) <= SIGN_IN, again


def test_a_sign_in_of_an_app(alice, client):
    answers = []

    def sign_in(**headers):
        answers.append(json(client, "login", headers, email=alice.email))

    first = data_statements(sign_in)
    token = answers[0].headers["X-Device-Token"]
    again = data_statements(lambda: sign_in(HTTP_X_DEVICE_TOKEN=token))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(first) <= SIGN_IN_ON_A_NEW_DEVICE, first
    assert len(again) <= SIGN_IN, again


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


def json(client, path, headers=None, **given):
    given["password"] = PASSWORD
    return client.post(f"/_allauth/app/v1/auth/{path}", given, "application/json", **(headers or {}))


def asked_by(browser, name):
    return data_statements(lambda: browser.get(reverse(name)))
