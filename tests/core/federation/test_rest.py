"""``/api/ciam/v1/linked-accounts/``: what it shows, and to whom."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from ciam_core.api_docs import document
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LINKED = "/api/ciam/v1/linked-accounts/"


@pytest.fixture
def row(alice, provider):
    shown = {"issuer": provider.issuer, "address": "a•••••@e•••.org"}
    return SocialAccount.objects.create(user=alice, provider="there", uid="alice-there", extra_data=shown)


def test_a_list_of_what_is_linked(app, alice, row):
    app.sign_in(alice.email, PASSWORD)
    [told] = app.get(LINKED).json()
    assert (told["id"], told["provider"], told["name"]) == (row.pk, "there", "There")
    assert told["address"] == "a•••••@e•••.org"
    assert "alice-there" not in str(told)


def test_unlinking(app, alice, row):
    app.sign_in(alice.email, PASSWORD)
    assert app.delete(f"{LINKED}{row.pk}/").status_code == 204
    assert app.get(LINKED).json() == []


def test_somebody_else_s_is_not_there(app, mallory, row):
    app.sign_in(mallory.email, PASSWORD)
    answer = app.delete(f"{LINKED}{row.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert SocialAccount.objects.filter(pk=row.pk).exists()


def test_signed_out(app, row):
    for answer in (app.get(LINKED), app.post(LINKED), app.delete(f"{LINKED}{row.pk}/")):
        assert answer.status_code in (401, 403) and answer.json()["code"] == "not_signed_in"


def test_nothing_waits(app, alice):
    app.sign_in(alice.email, PASSWORD)
    answer = app.post(LINKED)
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.none_pending")


def test_a_change_asks_for_a_recent_sign_in(app, alice, row, time_machine):
    app.sign_in(alice.email, PASSWORD)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    for answer in (app.post(LINKED), app.delete(f"{LINKED}{row.pk}/")):
        assert answer.json()["code"] == "recent_sign_in_required"


def test_it_is_in_the_openapi_document():
    paths = document()["paths"]
    assert set(paths[LINKED]) == {"get", "post"}
    assert set(paths[LINKED + "{identity_id}/"]) == {"delete"}
