"""Google, Apple and Facebook as they are declared, their endpoints on this machine; and what the checks say."""

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.checks import run_checks
from django.urls import reverse

from ciam_core.federation.presets import PRESETS, Provider
from ciam_core.federation.settings import conf
from tests.core.federation.ways import come_back, declared, start

pytestmark = pytest.mark.django_db

APPLE_KEY = ec.generate_private_key(ec.SECP256R1())
PEM = APPLE_KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
CREDENTIALS = {"client_id": "shop", "client_secret": "a secret of the shop's"}


@pytest.fixture
def preset(provider, settings):
    """``preset("google", …)``: as a host declares it, but that its endpoints are the hostile provider's."""

    def declare(name, **values):
        settings.CIAM_FEDERATION = {"PROVIDERS": {name: {**values, "issuer": provider.issuer}}}

    return declare


def goes_there_and_back(pages, provider, name):
    sent = start(pages, name)
    return sent, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]}


def test_google(provider, preset, pages):
    preset("google", **CREDENTIALS)
    provider.person["email"] = "alice@gmail.com"
    _, answer = goes_there_and_back(pages, provider, "google")
    come_back(pages, answer, "google")
    assert pages.is_signed_in()


def test_apple_is_shown_a_secret_that_we_sign(provider, preset, pages):
    preset("apple", client_id="shop", team_id="TEAM", key_id="KEY", private_key=PEM)
    provider.person["email_verified"] = "true"
    sent, answer = goes_there_and_back(pages, provider, "apple")
    assert sent["response_mode"] == "form_post"
    come_back(pages, answer, "apple")
    assert pages.is_signed_in()
    form, _ = provider.sent[0]
    key = APPLE_KEY.public_key()
    claims = jwt.decode(form["client_secret"], key, algorithms=["ES256"], audience=provider.issuer)
    assert (claims["iss"], claims["sub"]) == ("TEAM", "shop")
    assert claims["exp"] - claims["iat"] == 300
    assert jwt.get_unverified_header(form["client_secret"])["kid"] == "KEY"


def test_apple_posts_from_its_own_site(provider, preset, pages):
    """Without a cookie and without a token of ours; the browser then comes by itself. A name it sends is not kept."""
    preset("apple", client_id="shop", team_id="TEAM", key_id="KEY", private_key=PEM)
    _, answer = goes_there_and_back(pages, provider, "apple")
    stranger = type(pages)(enforce_csrf_checks=True)
    posted = stranger.post(reverse("ciam_federation_callback", args=["apple"]), {**answer, "user": '{"name": "Alice"}'})
    assert posted.status_code == 303
    assert not posted.cookies and "Alice" not in posted.url
    pages.get(posted.url)
    assert pages.is_signed_in()


def test_facebook_publishes_no_metadata_and_confirms_no_address(provider, preset, pages):
    metadata = provider.answer("/.well-known/openid-configuration", {}, {})
    endpoints = {key: metadata[key] for key in PRESETS["facebook"]["metadata"] if key in metadata}
    methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    preset("facebook", **CREDENTIALS, metadata={**endpoints, **methods})
    _, answer = goes_there_and_back(pages, provider, "facebook")
    assert come_back(pages, answer, "facebook").url == reverse("ciam_federation_continue")
    form, authorization = provider.sent[0]
    assert form["client_secret"] == CREDENTIALS["client_secret"] and not authorization
    assert provider.asked["/.well-known/openid-configuration"] == 0


def test_what_everybody_knows_need_not_be_written():
    google = Provider.of("google", CREDENTIALS)
    assert (google.name, google.issuer, google.trust_email) == ("Google", "https://accounts.google.com", True)
    assert not Provider.of("acme", declared("https://acme.example")).trust_email


def test_no_secret_is_in_its_repr():
    own = Provider.of("apple", {"client_id": "shop", "private_key": PEM, "client_secret": "secret"})
    assert "secret'" not in repr(own) and "PRIVATE" not in repr(own)


def said(settings, **federation):
    settings.CIAM_FEDERATION = federation
    return {
        message.id: message.msg for message in run_checks(include_deployment_checks=True) if "federation" in message.id
    }


@pytest.mark.parametrize(
    ("provider_id", "declaration", "sentence"),
    [
        ("google", {"client_id": "shop"}, "lacks 'client_secret'"),
        ("acme", CREDENTIALS, "lacks 'name', 'issuer'"),
        ("acme", {**CREDENTIALS, "name": "Acme", "issuer": "http://acme.example"}, "begins with https://"),
        ("acme", {**CREDENTIALS, "name": "Acme", "issuer": "https://a.example", "scope": ["email"]}, "needs 'openid'"),
        ("acme", {**CREDENTIALS, "isuer": "https://acme.example"}, "has no 'isuer'"),
        ("Acme!", CREDENTIALS, "small letters"),
        ("acme", "text", "must be a dict"),
        ("apple", {"client_id": "shop", "team_id": "TEAM"}, "lacks 'key_id', 'private_key'"),
    ],
)
def test_a_declaration_that_cannot_work(settings, provider_id, declaration, sentence):
    told = said(settings, PROVIDERS={provider_id: declaration})["ciam_federation.E004"]
    assert sentence in told
    assert "a secret of the shop's" not in told


def test_what_is_not_for_production(settings):
    local = declared("http://localhost:9400")
    assert "ciam_federation.W201" in said(settings, PROVIDERS={"there": local})
    assert "ciam_federation.W203" in said(settings)
    settings.SOCIALACCOUNT_STORE_TOKENS = True
    assert "ciam_federation.W202" in said(settings, PROVIDERS={"google": CREDENTIALS})
    settings.SOCIALACCOUNT_STORE_TOKENS = False
    assert said(settings, PROVIDERS={"google": CREDENTIALS}) == {}


def test_another_adapter_for_allauth_is_an_error(settings):
    settings.SOCIALACCOUNT_ADAPTER = "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"
    assert "ciam_federation.E201" in said(settings, PROVIDERS={"google": CREDENTIALS})


def test_the_buttons_stand_in_the_order_of_the_settings(settings, pages):
    settings.CIAM_FEDERATION = {
        "PROVIDERS": {"apple": {}, "google": CREDENTIALS, "acme": declared("https://a.example")}
    }
    settings.CIAM_FEDERATION["PROVIDERS"]["apple"] = {**CREDENTIALS}
    assert list(conf().providers) == ["apple", "google", "acme"]
    for name in ("ciam_sign_in", "ciam_sign_up"):
        page = pages.get(reverse(name) + "?next=/accounts/profile/").content.decode()
        places = [page.index(f"Continue with {told}") for told in ("Apple", "Google", "There")]
        assert places == sorted(places)
        assert page.count('name="next" value="/accounts/profile/"') >= 3
        assert "https://accounts.google.com" not in page


def test_without_a_provider_the_pages_are_as_they_were(settings, pages):
    settings.CIAM_FEDERATION = {}
    page = pages.get(reverse("ciam_sign_up")).content.decode()
    assert "Continue with" not in page
    assert "/accounts/social/" not in page
