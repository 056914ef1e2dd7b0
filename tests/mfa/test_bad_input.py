"""Bad input at every address of ``ciam_mfa``, whoever sends it: a clear 4xx, nothing counted, enrolled or opened.

The addresses come from the URL map: one that is added later is held to the same.
"""

import json
from datetime import timedelta

import pytest

from ciam_mfa.models import Passkey, RecoveryCodeSet, TextedNumber, TotpAuthenticator, TrustedBrowser
from ciam_mfa.queries import authenticators_of, locked_until
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.urls_known import places
from tests.factories import PASSWORD
from tests.mfa.challenge import ways
from tests.mfa.people import shows, with_passkey, with_recovery_codes, with_totp, wrong
from tests.mfa.soft_authenticator import SoftPasskey

pytestmark = pytest.mark.django_db

JSON = "application/json"
NUL = "\x00"
DEEP = "[" * 100_000
BODIES = {
    "empty": "",
    "garbled": '{"code": ',
    "no object": "[1, 2]",
    "a number": "7",
    "null": "null",
    "deep": DEEP,
    "huge": json.dumps({"code": "1" * 2_000_000}),
    "no text": b'{"code": "\xff\xfe"}',
    "wrong types": json.dumps(
        {name: {"a": [None]} for name in ("authenticator", "code", "name", "credential", "phone", "trust", "begin")}
    ),
    "lists": json.dumps({name: [1, "x"] for name in ("authenticator", "code", "name", "credential", "phone")}),
    "NUL": json.dumps(dict.fromkeys(("authenticator", "code", "name", "credential", "phone"), f"totp-1{NUL}")),
    "lone surrogate": '{"name": "\\udfff","authenticator": "\\ud800", "credential": {"": "\\ud800"}}',
    "far": json.dumps({"authenticator": f"totp-{9**30}", "code": "1" * 500, "name": "x" * 5_000}),
}
FORMS = {
    "empty": {},
    "NUL": dict.fromkeys(("authenticator", "code", "name", "credential", "phone", "begin", "next"), f"1{NUL}"),
    "long": dict.fromkeys(("authenticator", "code", "name", "credential", "phone"), "9" * 10000),
    "no credential": {"credential": "{}", "authenticator": "passkey-1", "code": "{}"},
    "deep": {"credential": DEEP, "authenticator": "passkey-1"},
    "unknown": {"authenticator": "pigeon-1", "code": "123456"},
}
OURS = ("/factors/", "/login/confirm/", "/confirm/", "/ciam/", "/step-up/", "/trusted-devices/", "/passkey")
PLACES = [
    place.path
    for under in ("accounts/", "_allauth/", "api/")
    for place in places(under=under)
    if any(part in place.path for part in OURS)
]
PLAIN = {"/accounts/factors/totp-1/", "/accounts/factors/totp-1/remove/"}
"""Where an empty form is a request: no name, and the button that removes."""
DOORS = {"/_allauth/app/": App, "/_allauth/browser/": Browser, "/api/": App}


def kind_of(where):
    return next((kind for start, kind in DOORS.items() if where.startswith(start)), Pages)


def outside(kind, phone):
    return kind()


def half_inside(kind, phone):
    door = kind()
    door.sign_in(ways.HERS, PASSWORD)
    return door


def inside(kind, phone):
    door = half_inside(kind, phone)
    ways.answer(door, f"totp-{phone.pk}", shows(phone))
    assert door.is_signed_in()
    TotpAuthenticator.objects.update(last_step=-1)
    return door


def held():
    """What anybody has, and what was counted against it."""
    tables = (TotpAuthenticator, Passkey, TextedNumber, RecoveryCodeSet, TrustedBrowser)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_the_addresses_are_all_of_ours():
    assert len(PLACES) > 40
    assert {kind_of(where) for where in PLACES} == {App, Browser, Pages}


@pytest.mark.parametrize("who", [outside, half_inside, inside])
@pytest.mark.parametrize("where", PLACES)
def test_what_is_no_request_changes_nothing(where, who, phone, alice):
    kind = kind_of(where)
    door = who(kind, phone)
    before = held()
    if where in PLAIN:
        return
    for name, body in FORMS.items() if kind is Pages else BODIES.items():
        for method in ("post",) if kind is Pages else ("post", "patch", "put"):
            sent = {"data": body} if kind is Pages else {"data": body, "content_type": JSON}
            answer = getattr(door, method)(where, **sent)
            assert answer.status_code < 500, (name, method)
            if where.startswith("/api/") and who is not inside:
                assert answer.status_code in (401, 403, 405, 413), (name, method)
    left = held()
    waiting = [row for row in left[0] if row["confirmed"]]
    assert waiting == before[0]
    assert left[1] == before[1]
    assert not [row for row in left[2] if row["confirmed"]]
    assert left[4] == before[4]


@pytest.mark.parametrize("where", [where for where in PLACES if kind_of(where) is not Pages])
def test_another_kind_of_content_is_refused(where, phone):
    door = inside(kind_of(where), phone)
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=nonsense",
        "",
    ):
        answer = door.generic("POST", where, b'{"code": "123456"}', content_type=kind)
        assert answer.status_code < 500, kind


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "not an address, , ,"},
        {"X-Forwarded-For": "9" * 5_000},
        {"User-Agent": "\x01" * 300, "Accept-Language": "zz;q=nonsense"},
        {"X-Session-Token": "\u00e9" * 40},
        {"X-Device-Token": "x" * 5_000, "X-Trusted-Device": "x" * 5_000},
        {"Cookie": "=;;; session=\x7f; trust-token=\x7f"},
        {"Accept": "nonsense"},
    ],
    ids=lambda headers: next(iter(headers)),
)
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_garbled_headers_open_nothing(kind, headers, phone):
    """MF19."""
    door = half_inside(kind, phone)
    if kind is App and "Cookie" in headers:
        return
    for where in ("/accounts/login/confirm/",) if kind is Pages else (f"{kind.base}auth/ciam/challenge",):
        for sent in ({}, {"authenticator": f"totp-{phone.pk}", "code": wrong(phone)}):
            data = sent if kind is Pages else json.dumps(sent)
            content = {} if kind is Pages else {"content_type": JSON}
            answer = door.post(where, data, headers=headers, **content)
            assert answer.status_code < 500
            assert not door.is_signed_in()


@pytest.mark.parametrize("kind", [Pages, Browser, App])
@pytest.mark.parametrize(
    "written",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: "".join(chr(0x0660 + int(digit)) for digit in code),
        lambda code: "".join(chr(0xFF10 + int(digit)) for digit in code),
        lambda code: f"{code[:3]}\u00a0{code[3:]}",
    ],
    ids=["spaces", "dash", "arabic", "full-width", "no-break space"],
)
def test_a_code_is_read_however_it_is_written(kind, written, phone):
    door = half_inside(kind, phone)
    ways.answer(door, f"totp-{phone.pk}", written(shows(phone)))
    assert door.is_signed_in()


@pytest.mark.parametrize("given", ["", "12345", "1234567", "12345a", "½23456", "１２３", "²34567", "一二三四五六"])
@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_what_is_no_code_is_refused_beside_its_field(kind, given, phone):
    door = half_inside(kind, phone)
    answer = ways.answer(door, f"totp-{phone.pk}", given)
    assert answer.status_code in (400, 422)
    told = answer.context["form"].errors if kind is Pages else {error["param"] for error in answer.json()["errors"]}
    assert "code" in told
    assert not door.is_signed_in()


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_another_person_s_factor_is_not_there_and_keeps_its_count(kind, phone, bob):
    theirs = with_totp(bob)
    door = half_inside(kind, phone)
    for _ in range(8):
        answer = ways.answer(door, f"totp-{theirs.pk}", wrong(theirs))
        assert answer.status_code in (400, 404)
    assert ways.answer(door, f"totp-{theirs.pk}", shows(theirs)).status_code in (400, 404)
    assert not door.is_signed_in()
    assert locked_until([f"totp-{theirs.pk}"]) == {}


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_is_told_so_and_opens_nothing(hours, phone, pages, noon):
    pages.sign_in(ways.HERS, PASSWORD)
    answer = ways.answer(pages, f"totp-{phone.pk}", shows(phone, later=hours * 3600))
    assert answer.status_code == 400
    assert not pages.is_signed_in()
    noon.shift(timedelta(seconds=30))
    ways.answer(pages, f"totp-{phone.pk}", shows(phone))
    assert pages.is_signed_in()


def test_what_one_person_begins_another_cannot_finish(alice, bob):
    """The cookie of one, the ceremony of the other."""
    hers, his = App(), App()
    hers.sign_in(ways.HERS, PASSWORD)
    his.sign_in(bob.email, PASSWORD)
    begun = hers.post("/api/ciam/v1/factors/passkey/", content_type=JSON).json()["creation_options"]
    his.post("/api/ciam/v1/factors/passkey/", content_type=JSON)
    hers.post("/api/ciam/v1/factors/totp/", content_type=JSON)
    app = TotpAuthenticator.objects.get()
    made = {"credential": SoftPasskey().make(begun), "name": "Mine"}
    assert his.post("/api/ciam/v1/factors/passkey/confirm/", made, content_type=JSON).status_code == 400
    refused = his.post("/api/ciam/v1/factors/totp/confirm/", {"code": shows(app)}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "mfa.enrolment_expired")
    assert authenticators_of(alice) == authenticators_of(bob) == []


@pytest.mark.parametrize("kind", [Browser, App])
def test_a_challenge_of_one_is_no_answer_for_another(kind, alice, bob):
    passkey, hers = with_passkey(alice)
    _, his = with_passkey(bob)
    first, second = kind(), kind()
    first.sign_in(ways.HERS, PASSWORD)
    second.sign_in(bob.email, PASSWORD)
    asked = first.call("post", "auth/ciam/challenge", {"authenticator": f"passkey-{hers.pk}", "begin": True})
    second.call("post", "auth/ciam/challenge", {"authenticator": f"passkey-{his.pk}", "begin": True})
    signed = passkey.get(asked.json()["data"]["prompt"]["request_options"])
    for door, key in ((second, his), (second, hers)):
        given = {"authenticator": f"passkey-{key.pk}", "credential": signed}
        assert door.call("post", "auth/ciam/challenge", given).status_code in (400, 404)
        assert not door.is_signed_in()
    assert (
        first.call(
            "post", "auth/ciam/challenge", {"authenticator": f"passkey-{hers.pk}", "credential": signed}
        ).status_code
        == 200
    )


def test_the_recovery_codes_of_one_open_nobody_else(alice, bob):
    with_totp(alice)
    codes = with_recovery_codes(bob)
    door = Pages()
    door.sign_in(ways.HERS, PASSWORD)
    theirs = RecoveryCodeSet.objects.get()
    ways.answer(door, f"recovery_codes-{theirs.pk}", codes[0])
    assert not door.is_signed_in()
    assert not theirs.codes.exclude(used_at=None).exists()
