"""A client as allauth's headless specification describes one, and what it lives through. It knows nothing of us."""

import json

import time_machine
from django.test import Client, TestCase

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.flows import make_recovery_codes, verify_factor
from tests.factories import PASSWORD, PersonFactory
from tests.mfa.people import shows, with_passkey, with_totp, wrong

KINDS = ("app", "browser")
SENSITIVE = ("post", "account/email", {"email": "other@example.org"})


class AllauthClient:
    def __init__(self, kind, email=""):
        self.base, self.http, self.token, self.email = f"/_allauth/{kind}/v1/", Client(), None, email

    def call(self, method, path, body=None):
        headers = {"X-Session-Token": self.token} if self.token else {}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = getattr(self.http, method)(self.base + path, headers=headers, **data)
        told = answer.json() if answer.headers.get("Content-Type") == "application/json" else {}
        self.token = told.get("meta", {}).get("session_token") or self.token
        return answer.status_code, told

    def sign_in(self):
        return self.call("post", "auth/login", {"email": self.email, "password": PASSWORD})

    def give(self, path, code):
        status, told = self.call("post", path, {"code": code})
        return status, told["errors"][0]["code"] if "errors" in told else told.get("data")

    def sign(self, path, passkey, **otherwise):
        options = self.call("get", path)[1]["data"]["request_options"]["publicKey"]
        status, told = self.call("post", path, {"credential": passkey.get(options, **otherwise)})
        return status, told["errors"][0]["code"] if "errors" in told else told["data"]

    def is_signed_in(self):
        return self.call("get", "auth/session")[0] == 200


def flow(told, name):
    """The flow ``name`` that a 401 lists, if it does."""
    return next((own for own in told["data"]["flows"] if own["id"] == name), None)


def methods(data):
    return [(own["method"], own.get("type"), own.get("reauthenticated", False)) for own in data["methods"]]


def completed_by_a_code(alice, client, clock):
    phone = with_totp(alice)
    status, told = client.sign_in()
    yield status, flow(told, "mfa_authenticate")
    yield client.give("auth/2fa/authenticate", wrong(phone))
    yield client.give("auth/2fa/authenticate", "")
    yield client.is_signed_in()
    status, data = client.give("auth/2fa/authenticate", shows(phone))
    yield status, methods(data), client.is_signed_in()
    yield client.give("auth/2fa/authenticate", shows(phone))[0]


def completed_by_a_recovery_code(alice, client, clock):
    with_totp(alice)
    code = make_recovery_codes(alice, origin=SYSTEM)[0]
    yield flow(client.sign_in()[1], "mfa_authenticate")["types"]
    status, data = client.give("auth/2fa/authenticate", code)
    yield status, methods(data)[-1], client.is_signed_in()
    client.call("delete", "auth/session")
    client.token = None
    client.sign_in()
    yield client.give("auth/2fa/authenticate", code)
    yield client.is_signed_in()


def shown_again_by_a_code(alice, client, clock):
    phone = with_totp(alice)
    client.sign_in()
    client.give("auth/2fa/authenticate", shows(phone))
    clock.shift(3600)
    status, told = client.call(*SENSITIVE)
    yield status, flow(told, "reauthenticate"), flow(told, "mfa_reauthenticate")
    yield client.give("auth/2fa/reauthenticate", wrong(phone))
    yield client.call(*SENSITIVE)[0]
    before = client.token
    status, data = client.give("auth/2fa/reauthenticate", shows(phone))
    yield status, methods(data)[-1]
    yield client.call(*SENSITIVE)[0], before is None or before != client.token


def a_stranger(alice, client, clock):
    phone = with_totp(alice)
    for path in ("auth/2fa/authenticate", "auth/2fa/reauthenticate"):
        yield client.give(path, shows(phone))[0]


def by_passkey(alice, client, clock):
    passkey, _ = with_passkey(alice)
    yield flow(client.sign_in()[1], "mfa_authenticate")["types"]
    yield client.sign("auth/webauthn/authenticate", passkey, origin="https://evil.example")
    yield client.is_signed_in()
    yield methods(client.sign("auth/webauthn/authenticate", passkey)[1])[-1], client.is_signed_in()
    clock.shift(3600)
    yield methods(client.sign("auth/webauthn/reauthenticate", passkey)[1])[-1]
    yield client.call(*SENSITIVE)[0]


def by_passkey_alone(alice, client, clock):
    passkey, _ = with_passkey(alice)
    yield client.sign("auth/webauthn/login", passkey, origin="https://evil.example")[0]
    yield methods(client.sign("auth/webauthn/login", passkey)[1]), client.is_signed_in()


def asked_of_the_app_that_was_used_last(alice, client, clock):
    old = with_totp(alice, name="Old phone")
    clock.shift(60)
    with_totp(alice, name="New phone")
    client.sign_in()
    yield [client.give("auth/2fa/authenticate", shows(old))[0] for _ in range(6)]
    verify_factor(alice, f"totp-{old.pk}", answer={"code": shows(old)}, origin=SYSTEM)
    clock.shift(60)
    yield client.give("auth/2fa/authenticate", shows(old))[0], client.is_signed_in()


STORIES = (
    completed_by_a_code,
    completed_by_a_recovery_code,
    shown_again_by_a_code,
    a_stranger,
    by_passkey,
    by_passkey_alone,
    asked_of_the_app_that_was_used_last,
)


def tell():
    """What came of each story, for either kind of client."""
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as clock:
        return {f"{story.__name__} {kind}": lived(story, kind, clock) for story in STORIES for kind in KINDS}


def lived(story, kind, clock):
    alice = PersonFactory()
    return list(story(alice, AllauthClient(kind, alice.email), clock))
