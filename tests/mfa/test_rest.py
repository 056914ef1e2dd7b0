"""REST: enrol, list, rename, remove and step up, from an app and from a browser."""

from datetime import timedelta

import pytest

from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.queries import authenticators_of
from tests.core.accounts.doors import App, Browser
from tests.factories import PASSWORD
from tests.mfa.challenge.ways import HERS, answer
from tests.mfa.people import shows, with_recovery_codes, with_totp, wrong
from tests.statements import data_statements

BASE = "/api/ciam/v1/"
CHANGES = [
    ("post", "factors/totp/"),
    ("post", "factors/totp/confirm/"),
    ("post", "factors/recovery-codes/"),
    ("patch", "factors/totp-1/"),
    ("delete", "factors/totp-1/"),
]


def call(door, method, path, data=None):
    return getattr(door, method)(BASE + path, data, content_type="application/json")


@pytest.fixture(params=[App, Browser])
def inside(request, alice):
    door = request.param()
    door.sign_in(HERS, PASSWORD)
    return door


@pytest.fixture(params=[App, Browser])
def with_app(request, phone):
    door = request.param()
    door.sign_in(HERS, PASSWORD)
    answer(door, f"totp-{phone.pk}", shows(phone))
    return door


def test_an_app_is_enrolled(inside, alice):
    started = call(inside, "post", "factors/totp/")
    waiting = TotpAuthenticator.objects.get()
    assert (started.status_code, started.json()["secret"]) == (201, waiting.secret)
    assert started.json()["uri"].startswith("otpauth://totp/Shop:alice@example.org?secret=")

    refused = call(inside, "post", "factors/totp/confirm/", {"code": wrong(waiting)})
    assert (refused.status_code, refused.json()["code"]) == (400, "mfa.answer_rejected")
    done = call(inside, "post", "factors/totp/confirm/", {"code": shows(waiting), "name": "Phone"})
    assert done.status_code == 201
    assert [(own["id"], own["name"]) for own in done.json()] == [(f"totp-{waiting.pk}", "Phone")]
    assert call(inside, "post", "factors/recovery-codes/").status_code == 201


def test_recovery_codes_are_made_and_told_once(with_app, alice):
    codes = call(with_app, "post", "factors/recovery-codes/").json()["codes"]
    assert len(set(codes)) == 10
    told = call(with_app, "get", "factors/").content.decode()
    assert '"left":10' in told
    assert not any(code in told for code in codes)


def test_one_is_renamed_and_removed(with_app, alice, phone):
    path = f"factors/totp-{phone.pk}/"
    assert [own["name"] for own in call(with_app, "patch", path, {"name": "Old"}).json()] == ["Old"]
    assert call(with_app, "delete", path).json() == []
    assert authenticators_of(alice) == []


def test_another_person_s_is_not_there(with_app, bob):
    theirs = with_totp(bob)
    for method in ("patch", "delete"):
        refused = call(with_app, method, f"factors/totp-{theirs.pk}/", {"name": "Mine"})
        assert (refused.status_code, refused.json()["code"]) == (404, "mfa.authenticator_unknown")
    assert [own.name for own in authenticators_of(bob)] == ["Phone"]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_change_asks_for_both_factors_of_late(with_app, noon, method, path):
    """MF10."""
    noon.shift(timedelta(minutes=16))
    refused = call(with_app, method, path, {})
    told = {"code": "step_up_required", "level": "aal2", "max_age": 900}
    assert refused.status_code == 403
    assert told.items() <= refused.json().items()


@pytest.mark.parametrize(("method", "path"), [*CHANGES, ("get", "factors/"), ("get", "step-up/"), ("post", "step-up/")])
def test_signed_out_there_is_nothing(method, path, db):
    for door in (App(), Browser()):
        assert call(door, method, path, {}).status_code == 401


@pytest.mark.parametrize(("method", "path"), [*CHANGES, ("get", "factors/"), ("post", "step-up/")])
def test_half_signed_in_there_is_nothing(method, path, phone):
    """MF6, MF8."""
    for door in (App(), Browser()):
        door.sign_in(HERS, PASSWORD)
        assert call(door, method, path, {}).status_code == 401


def test_an_answer_makes_it_recent_again(with_app, alice, phone, noon):
    noon.shift(timedelta(minutes=16))
    assert call(with_app, "post", "factors/recovery-codes/").status_code == 403
    told = call(with_app, "get", "step-up/").json()
    assert (told["level"], told["authenticators"][0]["id"]) == ("aal2", f"totp-{phone.pk}")
    typed = {"authenticator": f"totp-{phone.pk}", "code": shows(phone)}
    assert call(with_app, "post", "step-up/", typed).json()["level"] == "aal2"
    assert call(with_app, "post", "factors/recovery-codes/").status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 404, "mfa.authenticator_unknown"),
        ([], 404, "mfa.authenticator_unknown"),
        ({"authenticator": ["totp-1"]}, 404, "mfa.authenticator_unknown"),
        ({"authenticator": "totp-0", "code": "1"}, 404, "mfa.authenticator_unknown"),
        ({"authenticator": "totp-{pk}"}, 400, "invalid"),
        ({"authenticator": "totp-{pk}", "code": {"a": 1}}, 400, "mfa.answer_rejected"),
        ({"authenticator": "totp-{pk}", "code": "x" * 65}, 400, "invalid"),
    ],
    ids=str,
)
def test_what_is_no_answer_is_told_so(with_app, phone, body, status, code):
    """MF19."""
    if isinstance(body, dict) and isinstance(body.get("authenticator"), str):
        body = {**body, "authenticator": body["authenticator"].format(pk=phone.pk)}
    refused = call(with_app, "post", "step-up/", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_too_many_wrong_answers_wait(with_app, phone):
    typed = {"authenticator": f"totp-{phone.pk}", "code": wrong(phone)}
    statuses = [call(with_app, "post", "step-up/", typed).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


def test_the_list_asks_one_statement_for_the_factors(alice, phone):
    with_recovery_codes(alice)
    app = App()
    app.sign_in(HERS, PASSWORD)
    answer(app, f"totp-{phone.pk}", shows(phone))
    asked = data_statements(lambda: call(app, "get", "factors/"))
    assert len([sql for sql in asked if "ciam_mfa" in sql]) == 1
