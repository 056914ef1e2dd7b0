"""Accounts elsewhere are on a person's page where the app that links them is installed."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.console.conftest import page
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def link(person, uid, **shown):
    return SocialAccount.objects.create(user=person, provider="acme", uid=uid, extra_data=shown)


def test_they_are_shown_as_their_owner_sees_them(as_, vera, alice):
    link(alice, "alice-there", issuer="https://acme.example", address="a•••••@e•••.org")
    link(PersonFactory(), "mallory-there", address="m•••••@e•••.org")
    text = as_(vera).get(page("change", alice.pk)).content.decode()
    assert "Linked accounts" in text and "acme" in text and "a•••••@e•••.org" in text
    assert not any(hidden in text for hidden in ("alice-there", "m•••••@"))


def test_a_provider_that_told_no_address_is_shown_without(as_, vera, alice):
    link(alice, "alice-there")
    (table, *_) = as_(vera).get(page("change", alice.pk)).context["tables"]
    assert table.rows[0].cells[:2] == ("acme", "—")


def test_ten_cost_as_much_as_one(as_, vera, alice):
    client = as_(vera)
    link(alice, "first")
    client.get(page("change", alice.pk))
    with CaptureQueriesContext(connection) as one:
        client.get(page("change", alice.pk))
    for n in range(9):
        link(alice, f"more-{n}")
    with CaptureQueriesContext(connection) as ten:
        client.get(page("change", alice.pk))
    assert len(one) == len(ten)
