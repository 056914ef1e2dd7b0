"""TH10: whatever evaluates a secret or posts a message has counted it before, at every URL there is."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.urls_known import places
from tests.core.passwords.hashers import CountingHasher
from tests.factories import PASSWORD, AddressFactory

pytestmark = pytest.mark.django_db

BODY = {
    "email": "alice@example.org",
    "username": "alice@example.org",
    "password": "a guess of somebody",
    "current_password": "a guess of somebody",
    "new_password": "a new horse every day",
    "code": "000000",
    "key": "000000",
}
STATES = ["outside", "inside", "waiting for a code", "recovering", "signing up"]
PLACES = [*places(under="accounts/"), *places(under="_allauth/"), *places(under="api/")]


class Seen:
    """The order in which a request counts, evaluates and posts."""

    def __init__(self):
        self.steps = []
        self.hashed = CountingHasher.calls

    def __call__(self, execute, sql, params, many, context):
        self.look()
        if sql.lstrip().startswith("INSERT") and '"ciam_kernel_attempt"' in sql:
            self.steps.append("counts")
        if sql.startswith("INSERT") and '"ciam_kernel_outbox"' in sql:
            self.steps.append("posts")
        if sql.startswith("UPDATE") and '"attempts" = ("ciam_kernel_proof"' in sql:
            self.steps.append("compares")
        return execute(sql, params, many, context)

    def look(self):
        if CountingHasher.calls > self.hashed:
            self.hashed = CountingHasher.calls
            self.steps.append("hashes")


def test_every_door_counts_before_it_evaluates_or_posts(alice, settings):
    settings.PASSWORD_HASHERS = ["tests.core.passwords.hashers.CountingHasher", *settings.PASSWORD_HASHERS]
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PASSWORD_HASH_MEMORY": 64, "PASSWORD_HASH_TIME": 1}
    alice.set_password(PASSWORD)
    alice.save()
    AddressFactory(user=alice, email="alice@example.net", verified=True)
    careless, careful = set(), set()
    for place in [*PLACES, admin()]:
        for state in STATES:
            steps = seen_at(place.path, state)
            if steps and steps[0] != "counts":
                careless.add((place.path, state, *steps))
            if len(steps) > 1:
                careful.add(place.path)
    assert careless == set()
    assert len(careful) >= 20, careful  # the crawl has met the doors


def admin():
    return type("Place", (), {"path": reverse("admin:login")})()


def seen_at(path, state):
    from ciam_core.kernel.models import Attempt

    Attempt.objects.all().delete()
    kind = App if "/app/" in path else Browser if path.startswith(("/_allauth", "/api")) else Pages
    caller = in_state(kind, state)
    Attempt.objects.all().delete()
    seen = Seen()
    with connection.execute_wrapper(seen):
        if kind is Pages:
            caller.post(path, BODY)
        else:
            for method in ("POST", "PUT", "PATCH"):
                caller.generic(method, path, body_for(path), content_type="application/json")
    seen.look()
    return seen.steps


def body_for(path):
    known = {
        "auth/login": ("email", "password"),
        "signup": ("email", "password"),
        "code/request": ("email",),
        "code/confirm": ("code",),
        "verify": ("key",),
        "password/request": ("email",),
        "password/reset": ("key", "password"),
        "password/change": ("current_password", "new_password"),
        "reauthenticate": ("password",),
        "email": ("email",),
    }
    names = next((names for end, names in known.items() if path.rstrip("/").endswith(end)), ("email",))
    return json.dumps({name: BODY[name] for name in names})


def in_state(kind, state):
    caller = kind()
    if state == "inside":
        caller.sign_in("alice@example.org", PASSWORD)
    elif state == "waiting for a code":
        caller.ask_for_code("alice@example.org")
    elif state == "recovering":
        caller.ask_for_recovery("alice@example.org")
    elif state == "signing up":
        caller.sign_up("new@example.org", "a new horse every day")
    return caller
