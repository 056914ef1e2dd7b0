"""allauth's wire protocol: a browser's redirect, an app's ID token (LK11, invariants 1 and 8)."""

import hashlib
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.core.accounts.doors import App, Browser
from tests.core.accounts.mailbox import code_in, newest_to
from tests.core.federation.providers import CLIENT
from tests.core.federation.ways import asked, come_back
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

HERS = "alice@example.org"
REDIRECT = "/_allauth/browser/v1/auth/provider/redirect"


def by_token(app, provider, *, process="login", audience=CLIENT, nonce=None, **token):
    given = app.call("post", "auth/provider/nonce").json()["data"]["nonce"] if nonce is None else nonce
    token = {"client_id": CLIENT, "id_token": provider.id_token(given, audience), **token}
    return app.call("post", "auth/provider/token", {"provider": "there", "process": process, "token": token})


def codes(answer):
    return [error["code"] for error in answer.json()["errors"]]


def test_the_providers_are_told(provider, browser, app):
    [told] = browser.call("get", "config").json()["data"]["socialaccount"]["providers"]
    assert (told["id"], told["name"], told["client_id"]) == ("there", "There", CLIENT)
    assert set(told["flows"]) == {"provider_redirect", "provider_token"}
    flows = [flow["id"] for flow in app.call("get", "auth/session").json()["data"]["flows"]]
    assert "provider_token" in flows
    assert "client_secret" not in str(told)


def test_an_app_signs_up_and_in_with_an_id_token(provider, app):
    answer = by_token(app, provider)
    assert answer.status_code == 200
    [method] = answer.json()["data"]["methods"]
    assert (method["method"], method["provider"]) == ("socialaccount", "there")
    assert app.is_signed_in()
    again = App()
    by_token(again, provider)
    assert again.is_signed_in()
    assert get_user_model().objects.count() == 1


def test_a_token_for_another_app_is_refused(provider, app):
    """LK11."""
    answer = by_token(app, provider, audience="another-app")
    assert (answer.status_code, codes(answer)) == (400, ["provider.rejected"])
    assert not app.is_signed_in()


def test_a_token_for_the_product_s_own_app_is_good(provider, app, declare):
    declare(app_client_ids=("shop-ios",))
    assert by_token(app, provider, audience="shop-ios").status_code == 200


def test_a_token_of_another_occasion_is_refused(provider, app):
    """10.1.2: stolen from another app's log, or used a second time."""
    assert codes(by_token(app, provider, nonce="made up")) == ["provider.rejected"]
    nonce = app.call("post", "auth/provider/nonce").json()["data"]["nonce"]
    assert codes(by_token(App(), provider, nonce=nonce)) == ["provider.rejected"]
    assert by_token(app, provider, nonce=nonce).status_code == 200
    app.sign_out()
    assert codes(by_token(app, provider, nonce=nonce)) == ["provider.rejected"]


def test_a_nonce_is_good_for_one_try(provider, app):
    nonce = app.call("post", "auth/provider/nonce").json()["data"]["nonce"]
    by_token(app, provider, nonce=nonce, audience="another-app")
    assert codes(by_token(app, provider, nonce=nonce)) == ["provider.rejected"]


def test_a_nonce_that_the_device_has_hashed_is_good(provider, app):
    nonce = app.call("post", "auth/provider/nonce").json()["data"]["nonce"]
    provider.claims = {"nonce": hashlib.sha256(nonce.encode()).hexdigest()}
    assert by_token(app, provider, nonce=nonce).status_code == 200


def test_an_access_token_proves_nothing(provider, app):
    """LK11."""
    app.call("post", "auth/provider/nonce")
    token = {"client_id": CLIENT, "access_token": "secret-access"}
    answer = app.call("post", "auth/provider/token", {"provider": "there", "process": "login", "token": token})
    assert codes(answer) == ["provider.rejected"]


@pytest.mark.parametrize("token", ["text", 7, None, [], {}, {"id_token": 7}, {"id_token": None}, {"id_token": "\0"}])
def test_garbage_is_refused_and_breaks_nothing(provider, app, token):
    app.call("post", "auth/provider/nonce")
    answer = app.call("post", "auth/provider/token", {"provider": "there", "process": "login", "token": token})
    assert answer.status_code == 400
    assert not app.is_signed_in()


def test_an_unknown_provider_and_one_that_is_down(provider, app):
    sent = {"provider": "nobody", "process": "login", "token": {"id_token": "x"}}
    answer = app.call("post", "auth/provider/token", sent)
    assert (answer.status_code, codes(answer)) == (404, ["provider.unknown"])
    provider.answers["/jwks"] = (500, {})
    answer = by_token(app, provider)
    assert (answer.status_code, codes(answer)) == (503, ["provider.unavailable"])


def test_an_app_with_an_unconfirmed_address_confirms_it_and_links(provider, app):
    provider.person["email_verified"] = False
    answer = by_token(app, provider)
    assert (answer.status_code, codes(answer)) == (409, ["identity.address_unconfirmed"])
    assert app.call("get", "auth/provider/signup").json()["data"]["provider"] == {"id": "there", "name": "There"}
    assert app.call("post", "auth/provider/signup", {"email": HERS}).status_code == 401
    app.verify(code_in(newest_to(HERS)))
    assert app.is_signed_in()
    assert not SocialAccount.objects.exists()
    assert app.post("/api/ciam/v1/linked-accounts/").status_code == 201
    assert SocialAccount.objects.get().user.email == HERS


def test_an_app_of_somebody_with_an_account_signs_in_and_links(provider, app, alice):
    """LK3."""
    assert codes(by_token(app, provider)) == ["identity.ownership_unproven"]
    app.sign_in(HERS, PASSWORD)
    assert app.post("/api/ciam/v1/linked-accounts/").json()["provider"] == "there"
    assert SocialAccount.objects.get().user == alice


def test_what_sign_up_asks_for_is_sent_after(provider, app, core):
    core(PROFILE={"full_name": {"label": "Full name", "required": "sign_up"}})
    assert codes(by_token(app, provider)) == ["required"]
    assert app.call("post", "auth/provider/signup", {"email": HERS, "full_name": "Alice"}).status_code == 200
    assert app.is_signed_in()


def test_nothing_waits_so_there_is_nothing_to_sign_up_with(provider, app):
    assert app.call("get", "auth/provider/signup").status_code == 409
    assert app.call("post", "auth/provider/signup", {"email": HERS}).status_code == 409


def test_linking_by_token(provider, app, alice):
    assert by_token(app, provider, process="connect").status_code == 409
    app.sign_in(HERS, PASSWORD)
    assert by_token(app, provider).status_code == 409
    assert by_token(app, provider, process="connect").status_code == 200
    [row] = app.call("get", "account/providers").json()["data"]
    assert (row["uid"], row["provider"]["id"]) == ("alice-there", "there")
    answer = app.call("delete", "account/providers", {"provider": "there", "account": "alice-there"})
    assert answer.json()["data"] == []
    answer = app.call("delete", "account/providers", {"provider": "there", "account": "alice-there"})
    assert (answer.status_code, codes(answer)) == (404, ["not_found"])


def test_linking_by_token_asks_for_a_recent_sign_in(provider, app, alice, time_machine):
    app.sign_in(HERS, PASSWORD)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    answer = by_token(app, provider, process="connect")
    assert (answer.status_code, codes(answer)) == (403, ["recent_sign_in_required"])


@pytest.mark.parametrize("kind", [App, Browser])
def test_who_has_something_to_do_first_links_nothing(provider, kind, alice):
    """Invariant 8: as the pages refuse it, or a thief with a breached password has a way in that outlives it."""
    door = kind()
    door.sign_in(HERS, PASSWORD)
    get_user_model().objects.update(password_breached_at=timezone.now())
    answer = by_token(door, provider, process="connect")
    assert (answer.status_code, codes(answer)) == (403, ["required_action"])
    assert not SocialAccount.objects.exists()


def test_a_suspended_person_is_not_let_in(provider, app, suspended):
    SocialAccount.objects.create(
        user=suspended, provider="there", uid="alice-there", extra_data={"issuer": provider.issuer}
    )
    assert codes(by_token(app, provider)) == ["account.unavailable"]
    assert not app.is_signed_in()


def redirected(browser, provider, **typed):
    return browser.post(REDIRECT, {"provider": "there", "process": "login", "callback_url": "/app/done", **typed})


def test_a_browser_goes_there_and_back_to_its_page(provider, browser):
    sent = asked(redirected(browser, provider))
    answer = come_back(browser, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert answer.url == "/app/done"
    assert browser.is_signed_in()


def test_its_page_is_told_what_went_wrong(provider, browser, alice):
    sent = asked(redirected(browser, provider))
    answer = come_back(browser, {"error": "access_denied", "state": sent["state"]})
    assert answer.url == "/app/done?error=provider.denied"
    sent = asked(redirected(browser, provider))
    answer = come_back(browser, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert answer.url == "/app/done?error=identity.ownership_unproven"


def test_it_comes_back_to_this_site_only(provider, browser):
    for url in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        assert redirected(browser, provider, callback_url=url).status_code == 400


def test_a_redirect_needs_the_token_of_the_page(provider):
    assert redirected(Browser(enforce_csrf_checks=True), provider).status_code == 403


def test_linking_by_redirect(provider, browser, alice):
    assert redirected(browser, provider, process="connect").status_code == 403
    browser.sign_in(HERS, PASSWORD)
    sent = asked(redirected(browser, provider, process="connect"))
    come_back(browser, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert SocialAccount.objects.get().user == alice
