"""What a provider, or whoever stands between, may send: none of it signs anybody in (LK6, LK10, LK11, LK13, F20)."""

import base64
import time
from datetime import timedelta

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.urls import reverse

from ciam_core.federation.events import IdentityRefused
from ciam_core.federation.relying_party import metadata
from ciam_core.kernel.events import event_recorded
from tests.core.accounts.doors import Pages
from tests.core.federation.providers import CLIENT, KEY, ROTATED, SECRET, STRANGERS_KEY, hostile_provider, public
from tests.core.federation.ways import come_back, declared, sign_in, start

pytestmark = pytest.mark.django_db


def refused(answer, pages, status=400):
    assert answer.status_code == status
    assert "That did not work" in answer.content.decode()
    assert not pages.is_signed_in()
    assert not get_user_model().objects.exists()
    return True


HOUR = 3600


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"aud": "another-app"},
        {"aud": None},
        {"aud": []},
        {"aud": [CLIENT, "another-app"]},
        {"azp": "another-app"},
        {"iss": "https://accounts.google.com"},
        {"iss": None},
        {"exp": int(time.time()) - HOUR},
        {"exp": None},
        {"exp": "soon"},
        {"iat": int(time.time()) + HOUR},
        {"iat": None},
        {"nbf": int(time.time()) + HOUR},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "al\0ice"},
        {"sub": ["alice-there"]},
    ],
    ids=lambda claims: next(
        f"{name}={value if isinstance(value, str) else type(value).__name__}" for name, value in claims.items()
    ),
)
def test_claims_that_are_not_for_this_sign_in(provider, pages, recorded, claims):
    """10.5.1, 10.5.2, 10.5.4, LK6, LK11."""
    provider.claims = claims
    assert refused(sign_in(pages, provider), pages)
    [event] = recorded(IdentityRefused)
    assert (event.provider, event.subject_id) == ("there", None)


def test_a_signature_by_another_key(provider, pages):
    provider.key = STRANGERS_KEY
    assert refused(sign_in(pages, provider), pages)


def test_no_signature(provider, pages):
    provider.key, provider.algorithm = None, "none"
    assert refused(sign_in(pages, provider), pages)


@pytest.mark.parametrize("secret", [SECRET, "anything that is long enough to be a key of HMAC"])
def test_a_signature_with_a_shared_secret(provider, pages, secret):
    """Algorithm confusion: the client's secret, or a public key's text, taken for a key of HMAC."""
    sent = start(pages)
    now = int(time.time())
    claims = {"iss": provider.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": sent["nonce"], "sub": "x"}
    provider.token = jwt.encode(claims, secret.ljust(32), algorithm="HS256", headers={"kid": "one"})
    answer = come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert refused(answer, pages)


def test_a_secret_that_is_published_as_a_key(provider, pages):
    shared = "everybody can read this and sign with it"
    k = base64.urlsafe_b64encode(shared.encode()).rstrip(b"=").decode()
    provider.answers["/jwks"] = {"keys": [{"kty": "oct", "k": k, "kid": "one", "alg": "HS256", "use": "sig"}]}
    provider.key, provider.algorithm = shared, "HS256"
    assert refused(sign_in(pages, provider), pages)


@pytest.mark.parametrize("kid", ["unknown", "", "../../one"])
def test_a_key_nobody_published(provider, pages, kid):
    provider.header = {"kid": kid}
    assert refused(sign_in(pages, provider), pages)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.e30.e30", "ÿ" * 50, "x" * 20_000, 7, ["a"], {"a": 1}])
def test_garbage_for_a_token(provider, pages, token):
    provider.answers["/token"] = {"access_token": "x", "token_type": "Bearer", "id_token": token}
    assert refused(sign_in(pages, provider), pages)


def test_no_id_token(provider, pages):
    provider.answers["/token"] = {"access_token": "x", "token_type": "Bearer"}
    assert refused(sign_in(pages, provider), pages)


def test_userinfo_of_somebody_else(provider, pages):
    """OpenID Connect Core 1.0 §5.3.2."""
    provider.told_address = False
    provider.answers["/userinfo"] = {"sub": "mallory", "email": "alice@example.org", "email_verified": True}
    assert refused(sign_in(pages, provider), pages)


def test_an_answer_that_names_another_issuer(provider, pages):
    """10.2.2, RFC 9207: a mix-up."""
    sent = start(pages)
    answer = {"code": provider.code_for(sent["nonce"]), "state": sent["state"], "iss": "https://accounts.google.com"}
    assert refused(come_back(pages, answer), pages)
    assert not provider.sent, "the code was not shown to anybody"


def test_an_issuer_that_always_names_itself_must(provider, pages):
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert refused(sign_in(pages, provider), pages)
    sent = start(pages)
    answer = {"code": provider.code_for(sent["nonce"]), "state": sent["state"], "iss": provider.issuer}
    come_back(pages, answer)
    assert pages.is_signed_in()


def test_metadata_of_another_issuer(provider, pages):
    """10.5.3."""
    provider.metadata = {"issuer": "https://accounts.google.com"}
    answer = pages.go("ciam_federation_start", {}, "there")
    assert refused(answer, pages, status=503)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "file:///etc/passwd", "javascript:alert(1)", "", None, 7])
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_endpoints_that_lead_elsewhere(provider, pages, name, url):
    provider.metadata = {name: url}
    answer = pages.go("ciam_federation_start", {}, "there")
    if name != "authorization_endpoint":
        answer = sign_in(pages, provider)
    assert refused(answer, pages, status=503)


def test_a_state_works_once(provider, pages):
    sent = start(pages)
    come_back(pages, {"error": "access_denied", "state": sent["state"]})
    answer = come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert refused(answer, pages)


def test_a_state_of_another_browser(provider, pages):
    """LK10, 10.2.1: nobody is signed in to an account of whoever sent them the link."""
    sent = start(Pages())
    start(pages)
    answer = come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert refused(answer, pages)


def test_a_state_of_another_provider(provider, pages, declare):
    """LK10."""
    declare("elsewhere")
    sent = start(pages)
    answer = come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]}, "elsewhere")
    assert refused(answer, pages)


def test_a_state_that_is_too_old(provider, pages, time_machine):
    time_machine.move_to("2026-01-01 10:00")
    sent = start(pages)
    time_machine.move_to("2026-01-01 10:11")
    answer = come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert refused(answer, pages)


@pytest.mark.parametrize(
    "query", [{}, {"state": ""}, {"code": "x"}, {"state": "\0"}, {"state": ["a", "b"]}, {"code": "é"}]
)
def test_an_answer_nobody_asked_for(provider, pages, query):
    assert refused(come_back(pages, query), pages)


def test_a_code_of_another_sign_in(provider, pages):
    """10.1.2: injected; its nonce is another's."""
    theirs, hers = start(Pages()), start(pages)
    answer = come_back(pages, {"code": provider.code_for(theirs["nonce"]), "state": hers["state"]})
    assert refused(answer, pages)


def test_a_code_that_was_used(provider, pages):
    sent = start(pages)
    code = provider.code_for(sent["nonce"])
    provider.nonces.clear()
    assert refused(come_back(pages, {"code": code, "state": sent["state"]}), pages)


def test_the_same_subject_at_another_provider_is_somebody_else(provider, pages, settings, declare):
    """LK9."""
    sign_in(pages, provider)
    with hostile_provider() as other:
        declare("elsewhere", **declared(other.issuer, trust_email=True))
        other.person = {"sub": "alice-there", "email": "mallory@example.org", "email_verified": True}
        thief = Pages()
        sent = start(thief, "elsewhere")
        come_back(thief, {"code": other.code_for(sent["nonce"]), "state": sent["state"]}, "elsewhere")
        rows = SocialAccount.objects.filter(uid="alice-there")
        assert rows.count() == 2 and len({row.user_id for row in rows}) == 2


def test_a_token_of_one_provider_at_the_door_of_another(provider, pages, declare):
    """LK6: both are ours, each may speak for its own people only."""
    with hostile_provider() as other:
        declare("elsewhere", **declared(other.issuer, trust_email=True))
        sent = start(pages, "elsewhere")
        other.token = provider.id_token(sent["nonce"])
        answer = come_back(pages, {"code": other.code_for(sent["nonce"]), "state": sent["state"]}, "elsewhere")
        assert refused(answer, pages)


def test_no_domain_opens_a_door_by_itself(provider, pages, declare):
    """LK13: an unconfirmed address of a trusted domain is an unconfirmed address."""
    declare(authoritative_email=("example.org",))
    provider.person["email_verified"] = False
    assert sign_in(pages, provider).url == reverse("ciam_federation_continue")


@pytest.mark.parametrize(
    ("claims", "opens"),
    [
        ({"email": "alice@gmail.com"}, True),
        ({"email": "alice@GMAIL.com"}, True),
        ({"email": "alice@example.org"}, False),
        ({"email": "alice@example.org", "hd": "example.org"}, True),
        ({"email": "alice@gmail.com.evil.example"}, False),
    ],
)
def test_google_is_believed_about_addresses_it_hands_out(provider, pages, declare, claims, opens):
    declare("google", authoritative_email=("gmail.com",))
    provider.person |= claims
    sent = start(pages, "google")
    come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]}, "google")
    assert pages.is_signed_in() is opens


@pytest.mark.parametrize("error", ["access_denied", "user_cancelled_authorize"])
def test_somebody_who_says_no_there_is_told_what_to_do(provider, pages, error):
    answer = come_back(pages, {"error": error, "state": start(pages)["state"]})
    assert refused(answer, pages)
    assert "You did not allow it there" in answer.content.decode()


def test_what_a_provider_says_is_not_repeated(provider, pages):
    said = {"error": "<b>call 0900</b>", "error_description": "call 0900", "state": start(pages)["state"]}
    answer = come_back(pages, said)
    assert refused(answer, pages)
    assert "0900" not in answer.content.decode()


def test_an_unknown_provider(provider, pages):
    assert pages.go("ciam_federation_start", {}, "nobody").status_code == 404
    assert come_back(pages, {"code": "x", "state": "y"}, "nobody").status_code == 404


def test_a_start_is_posted(provider, pages):
    """LK4: a link in a mail starts nothing."""
    assert pages.get(reverse("ciam_federation_start", args=["there"])).status_code == 405


def test_a_start_needs_the_token_of_the_page(provider):
    strict = Pages(enforce_csrf_checks=True)
    assert strict.go("ciam_federation_start", {}, "there").status_code == 403


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (302, {}),
        (200, b"<html>"),
        (200, b"[1]"),
        (200, b""),
        (200, b"\xff"),
        (200, b"[" * 100_000),
        (429, {}),
    ],
    ids=["500", "redirect", "html", "list", "empty", "bytes", "nested", "429"],
)
def test_a_provider_that_is_down_or_talks_nonsense(provider, pages, path, answer):
    """F20: never 500."""
    provider.answers[path] = answer
    started = pages.go("ciam_federation_start", {}, "there")
    assert refused(started if started.status_code == 503 else sign_in(pages, provider), pages, status=503)


def test_a_provider_that_answers_without_end(provider, pages):
    provider.answers["/jwks"] = (200, b'{"keys": [' + b" " * 600_000 + b"]}")
    assert refused(sign_in(pages, provider), pages, status=503)


def test_a_provider_that_hangs(provider, pages, settings):
    """F20: as long as one answer may take, and no longer."""
    settings.CIAM_FEDERATION = {**settings.CIAM_FEDERATION, "TIMEOUT": timedelta(seconds=0.3)}
    provider.delay = 2
    began = time.monotonic()
    assert refused(pages.go("ciam_federation_start", {}, "there"), pages, status=503)
    assert time.monotonic() - began < 1.5


def test_nobody_waits_for_a_provider_that_has_just_not_answered(provider, monkeypatch):
    """F20: a dead provider does not hold every worker."""
    provider.answers["/.well-known/openid-configuration"] = (500, {})
    for _ in range(3):
        assert Pages().go("ciam_federation_start", {}, "there").status_code == 503
    assert provider.asked["/.well-known/openid-configuration"] == 1
    provider.answers.clear()
    monkeypatch.setattr(metadata, "REST", 0.0)
    pages = Pages()
    sign_in(pages, provider)
    assert pages.is_signed_in()


def test_a_provider_that_is_not_there(provider, pages, declare):
    declare(issuer="http://127.0.0.1:1")
    assert refused(pages.go("ciam_federation_start", {}, "there"), pages, status=503)


def test_keys_are_asked_for_once(provider):
    for _ in range(3):
        sign_in(Pages(), provider)
    assert provider.asked["/jwks"] == provider.asked["/.well-known/openid-configuration"] == 1


def test_rotated_keys_are_found(provider, monkeypatch):
    """F20."""
    sign_in(Pages(), provider)
    monkeypatch.setattr(metadata, "ASK_AGAIN", 0.0)
    provider.key, provider.key_id = ROTATED, "two"
    pages = Pages()
    sign_in(pages, provider)
    assert pages.is_signed_in()


def test_a_storm_of_unknown_keys_asks_once(provider):
    """F20: nobody makes us call somebody else as often as they like."""
    provider.header = {"kid": "made up"}
    for _ in range(5):
        sign_in(Pages(), provider)
    assert provider.asked["/jwks"] == 1


def test_known_keys_outlive_a_short_outage_and_no_long_one(provider, settings, monkeypatch):
    """F20."""
    sign_in(Pages(), provider)
    monkeypatch.setattr(metadata, "ASK_AGAIN", 0.0)
    provider.answers |= {"/jwks": (500, {}), "/.well-known/openid-configuration": (500, {})}
    for kept in metadata._kept.values():
        kept.read_at -= 2 * HOUR
    pages = Pages()
    sign_in(pages, provider)
    assert pages.is_signed_in()
    for kept in metadata._kept.values():
        kept.read_at -= 23 * HOUR
    assert Pages().go("ciam_federation_start", {}, "there").status_code == 503


def test_two_keys_that_both_fit_are_none(provider, pages):
    provider.answers["/jwks"] = {"keys": [public(KEY, "one"), public(STRANGERS_KEY, "one")]}
    assert refused(sign_in(pages, provider), pages)


@pytest.mark.parametrize(
    "key", [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256"}, {}, "x"]
)
def test_published_keys_that_are_none(provider, pages, key):
    published = {**key, "kid": "one"} if isinstance(key, dict) else key
    provider.answers["/jwks"] = {"keys": [published]}
    assert refused(sign_in(pages, provider), pages)


def test_nothing_secret_is_told(provider, pages, caplog):
    """Not in the log, nor in the trail."""
    seen = []

    def note(event, **_):
        seen.append(event)

    event_recorded.connect(note)
    provider.claims = {"aud": "another-app"}
    sign_in(pages, provider)
    provider.claims = {}
    sign_in(pages, provider)
    event_recorded.disconnect(note)
    told = caplog.text + repr(seen)
    for secret in (SECRET, "secret-access", "alice@example.org", "alice-there"):
        assert secret not in told


def test_too_many_answers_from_one_network_are_not_looked_at(provider, pages, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "SIGN_INS_PER_SOURCE": 2}
    provider.claims = {"nonce": "another"}
    for _ in range(2):
        sign_in(pages, provider)
    provider.claims = {}
    answer = sign_in(pages, provider)
    assert refused(answer, pages, status=429)
    assert answer.headers["Retry-After"]
