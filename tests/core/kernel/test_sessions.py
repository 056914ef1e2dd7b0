"""An app's session and a browser's are kept apart, whichever way a key was copied."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.backends.base import UpdateError
from django.dispatch import receiver
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from ciam_core.kernel.events import event_recorded
from ciam_core.kernel.origin import Channel
from ciam_core.kernel.sessions import CHANNEL_KEY, ChannelMiddleware, app_session, find_app_session
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, newest_to
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["ciam_core.sessions.engine", "django.contrib.sessions.backends.db"])
def engine(request, settings):
    """Ours, and one of Django's: the kernel may be used alone."""
    settings.SESSION_ENGINE = request.param
    return import_module(request.param).SessionStore


def end_all():
    for model in ("ciam_core.Session", "sessions.Session"):
        apps.get_model(model).objects.all().delete()


@pytest.fixture
def alice(settings):
    settings.CIAM_CORE = {"PROFILE": {"full_name": {"label": "Name"}}, "BREACHED_PASSWORDS": None}
    return PersonFactory(email="alice@example.org")


@pytest.fixture
def saved(engine):
    """A session of that channel: ``saved(Channel.APP)``."""

    def make(channel):
        session = engine()
        session[CHANNEL_KEY] = channel.value
        session.save()
        return session

    return make


def test_an_apps_token_is_no_browsers_cookie(alice):
    app, thief = App(), Pages()
    app.sign_in(alice.email, PASSWORD)
    thief.cookies["session"] = app.token
    assert not thief.is_signed_in()
    assert thief.get("/api/ciam/v1/profile/").status_code == 401
    assert app.is_signed_in()


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_browsers_key_is_no_apps_token(signed_in, alice):
    browser, thief = Browser(), App()
    browser.ask_for_code(alice.email)
    if signed_in:
        browser.enter_code(code_in(newest_to(alice.email)))
    thief.token = browser.cookies["session"].value
    assert thief.call("get", "auth/session").status_code == 410
    assert thief.get("/api/ciam/v1/profile/").status_code == 401


def test_an_app_that_waits_for_a_code_keeps_its_session(alice):
    app, thief = App(), Pages()
    app.ask_for_code(alice.email)
    thief.cookies["session"] = app.token
    assert thief.enter_code(code_in(newest_to(alice.email))).status_code == 302
    assert not thief.is_signed_in()
    assert app.enter_code(code_in(newest_to(alice.email))).status_code == 200


def test_somebody_with_an_apps_token_in_the_cookie_can_still_sign_in(alice):
    app, pages = App(), Pages()
    app.sign_in(alice.email, PASSWORD)
    pages.cookies["session"] = app.token
    pages.sign_in(alice.email, PASSWORD)
    assert pages.is_signed_in()
    assert pages.cookies["session"].value != app.token


def test_a_user_looked_at_before_is_looked_at_again(saved, alice):
    request = RequestFactory().get("/")
    request.COOKIES["session"] = "any"
    request.session, request.user, request._cached_user = saved(Channel.APP), alice, alice
    seen = ChannelMiddleware(lambda request: HttpResponse(str(request.user.is_authenticated)))(request)
    assert seen.content == b"False"


@pytest.mark.parametrize("token", ["", "x" * 65, "schlüssel", "a\x00b", "made-up"])
def test_a_token_that_names_nothing_is_an_empty_session(token, client):
    request = RequestFactory().get("/", headers={"X-Session-Token": token})
    request.session = browsers = client.session
    with app_session(request):
        assert request.session.is_empty()
    assert request.session is browsers
    assert find_app_session(token) is None


def test_what_an_app_leaves_in_its_session_is_there_next_time(saved, client):
    request = RequestFactory().get("/", headers={"X-Session-Token": saved(Channel.APP).session_key})
    request.session = client.session
    with app_session(request):
        request.session["errand"] = "x"
    with app_session(request):
        assert request.session["errand"] == "x"


def test_a_session_that_was_ended_meanwhile_is_not_brought_back(saved, client):
    request = RequestFactory().get("/", headers={"X-Session-Token": saved(Channel.APP).session_key})
    request.session = browsers = client.session

    def end_it_meanwhile():
        with app_session(request):
            request.session["errand"] = "x"
            end_all()

    with pytest.raises(UpdateError):
        end_it_meanwhile()
    assert request.session is browsers


@pytest.fixture
def _ended_meanwhile():
    """Somebody ends every session while the address is added."""

    @receiver(event_recorded)
    def end(event, **_):
        if event.name == "proof.requested":
            end_all()

    yield
    event_recorded.disconnect(end)


@pytest.mark.usefixtures("_ended_meanwhile")
def test_rest_answers_signed_out_when_the_session_ended_meanwhile(alice):
    app = App()
    app.sign_in(alice.email, PASSWORD)
    answer = app.post("/api/ciam/v1/addresses/", {"email": "new@example.org"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("_ended_meanwhile")
def test_an_apps_door_answers_gone_when_the_session_ended_meanwhile(alice):
    app = App()
    app.sign_in(alice.email, PASSWORD)
    assert app.add_address("new@example.org").status_code == 410


def test_an_expired_form_of_a_program_is_told_in_json():
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.call("post", "auth/login", {"email": "a@example.org", "password": "x"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "page_expired"
    assert "no-store" in answer["Cache-Control"]


def test_an_expired_form_of_a_person_is_a_page():
    answer = Pages(enforce_csrf_checks=True).post(reverse("ciam_sign_in"), headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]
