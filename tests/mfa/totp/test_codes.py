"""RFC 6238: the published values, the window, the address a QR code holds."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from ciam_mfa.totp.codes import code_at, current_step, enrolment_uri, new_secret, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    assert code_at(SECRET, seconds // 30) == code


@pytest.mark.parametrize(("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_right_one_step_around_now(late, accepted):
    step = current_step() + late // 30
    assert (step_of(code_at(SECRET, step), SECRET, drift=0) == step) is accepted


def test_secrets_have_160_bits_and_never_come_twice():
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_uri_survives_a_strange_issuer_and_account():
    uri = urlsplit(enrolment_uri("ABC", issuer="Bed & Breakfast: Ü", account="a+b@example.org"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert uri.path == "/Bed%20%26%20Breakfast%3A%20%C3%9C:a%2Bb@example.org"
    assert parse_qs(uri.query) == {"secret": ["ABC"], "issuer": ["Bed & Breakfast: Ü"]}
