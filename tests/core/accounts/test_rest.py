"""The REST API: profile and addresses, for an app and for a browser."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a quiet morning by the sea"
PROFILE = {
    "full_name": {"label": "Full name", "max_length": 40},
    "birth_date": {"label": "Birthday", "type": "date", "encrypted": True},
    "tier": {"label": "Tier", "write": ["staff"]},
    "note": {"label": "Note", "read": ["staff"]},
}


@pytest.fixture
def alice(settings):
    settings.CIAM_CORE = {"PROFILE": PROFILE, "BREACHED_PASSWORDS": None}
    return get_user_model().objects.create_user("alice@example.com", PASSWORD)


@pytest.fixture
def app(client, alice):
    """Speaks as an app does: JSON, and the token that signing in gave it."""

    def ask(method, path, body=None, token=True):
        headers = {"X-Session-Token": ask.token} if token and ask.token else {}
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.generic(method, path, data, content_type="application/json", headers=headers)

    ask.token = None
    answer = ask("POST", "/_allauth/app/v1/auth/login", {"email": "alice@example.com", "password": PASSWORD})
    ask.token = answer.json()["meta"]["session_token"]
    return ask


def test_the_profile_is_read_and_edited(app):
    answer = app("PATCH", "/api/ciam/v1/profile/", {"full_name": "Alice", "birth_date": "1990-04-23"})
    assert answer.json() == {"full_name": "Alice", "birth_date": "1990-04-23", "tier": None}
    assert app("GET", "/api/ciam/v1/profile/").json()["birth_date"] == "1990-04-23"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"tier": "gold"}, ["tier"]),
        ({"note": "x", "full_name": "y" * 41}, ["full_name"]),
        ({"nobody": 1}, ["nobody"]),
        ({"birth_date": "tomorrow"}, ["birth_date"]),
        ({"full_name": ["a"]}, ["full_name"]),
        ({"full_name": "a\x00b"}, ["full_name"]),
        ([], ["non_field_errors"]),
    ],
)
def test_a_refused_profile_changes_nothing_and_says_why(app, body, names):
    answer = app("PATCH", "/api/ciam/v1/profile/", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "profile.refused"
    assert sorted(answer.json()["errors"]) == names
    assert app("GET", "/api/ciam/v1/profile/").json()["full_name"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b'{"full_name": "\xff"}', 400, "malformed"),
        (b'{"full_name": "\\ud800"}', 400, "malformed"),
        (b"[" * 20_000, 400, "malformed"),
        (b'"' + b"a" * 70_000 + b'"', 413, "too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_document(app, body, status, code):
    answer = app("PATCH", "/api/ciam/v1/profile/", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_reads_a_profile_without_a_session(app, client):
    assert app("GET", "/api/ciam/v1/profile/", token=False).status_code == 401
    app.token = "made-up"
    assert app("GET", "/api/ciam/v1/profile/").json()["code"] == "not_signed_in"


def test_a_browsers_session_key_is_no_apps_token(client, alice):
    client.force_login(alice)
    answer = client.get("/api/ciam/v1/profile/", headers={"X-Session-Token": client.session.session_key})
    assert answer.status_code == 401


def test_a_browser_needs_its_csrf_token_to_change_something(alice):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    answer = browser.patch("/api/ciam/v1/profile/", {"full_name": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_an_address_is_added_confirmed_made_primary_and_the_old_one_removed(app):
    answer = app("POST", "/api/ciam/v1/addresses/", {"email": "Alice@Example.org"})
    assert (answer.status_code, answer.json()["sent_to"]) == (202, "a•••••@e•••.org")
    code = next(m for m in mail.outbox if m.to == ["alice@example.org"]).subject[:7].replace(" ", "")
    addresses = app("POST", "/api/ciam/v1/addresses/confirm/", {"code": code}).json()
    new = next(own for own in addresses if own["email"] == "alice@example.org")
    assert new["verified"]
    app("PUT", f"/api/ciam/v1/addresses/{new['id']}/primary/")
    old = next(own for own in addresses if own["id"] != new["id"])
    assert app("DELETE", f"/api/ciam/v1/addresses/{old['id']}/").status_code == 204
    assert [own["email"] for own in app("GET", "/api/ciam/v1/addresses/").json()] == ["alice@example.org"]


def test_mallory_cannot_touch_alices_addresses(app, alice, client):
    foreign = get_user_model().objects.create_user("mallory@example.com", PASSWORD)
    theirs = foreign.emailaddress_set.get().pk
    for method, path in [("DELETE", ""), ("PUT", "primary/"), ("POST", "verification/")]:
        assert app(method, f"/api/ciam/v1/addresses/{theirs}/{path}").json()["code"] == "not_found"


def test_the_document_describes_every_endpoint_with_examples_and_codes(client):
    document = client.get("/api/ciam/v1/schema/").json()
    for path, methods in document["paths"].items():
        for told in methods.values():
            assert told["summary"] and "401" in told["responses"], path
            problems = told["responses"]["401"]["content"]["application/problem+json"]
            assert problems["examples"]
    assert client.get("/api/ciam/v1/").status_code == 200
