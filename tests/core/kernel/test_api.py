"""What every REST endpoint of ours does before and after its own work."""

import pytest
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework.response import Response

from ciam_core.kernel.api import MAX_BODY, BodyTooLarge, CiamAPIView, LimitedJSONParser
from ciam_core.kernel.origin import Channel
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


class Echo(CiamAPIView):
    def get(self, request):
        return Response({"channel": self.origin.channel})

    def post(self, request):
        return Response(request.data)


urlpatterns = [path("echo/", Echo.as_view())]


@pytest.fixture(autouse=True)
def _host(settings):
    settings.ROOT_URLCONF = __name__
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"


@pytest.fixture
def alice():
    return PersonFactory()


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice)
    return client


def send(client, body, kind="application/json", **more):
    return client.post("/echo/", body, content_type=kind, **more)


def test_what_is_sent_arrives(browser):
    answer = send(browser, '{"name": "Zoë", "list": [1, null]}')
    assert answer.json() == {"name": "Zoë", "list": [1, None]}
    assert "no-store" in answer["Cache-Control"]


def test_64_kib_are_read_and_not_a_byte_more(browser):
    most = b'"' + b"a" * (MAX_BODY - 2) + b'"'
    assert len(send(browser, most).json()) == MAX_BODY - 2
    answer = send(browser, most + b" ")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body", [b"{", b"", b'"\xff"', b'"\\ud800"', b'{"\\udfff": 1}', b"[" * 20_000, b"NaN", b'{"a": Infinity}']
)
def test_what_is_no_json_text_is_malformed(body, browser):
    answer = send(browser, body) if body else send(browser, b" ")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_nothing_but_json_is_taken(browser):
    answer = send(browser, "name=x", kind="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_nothing_but_json_is_given(browser):
    answer = browser.get("/echo/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_a_stranger_is_told_how_to_come_in():
    answer = Client().get("/echo/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == 'Session realm="account"'
    assert "no-store" in answer["Cache-Control"]


def test_a_method_that_is_not_there_is_told(browser):
    assert browser.delete("/echo/").json()["code"] == "method_not_allowed"


def test_a_browser_needs_its_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert send(client, "{}").json()["code"] == "forbidden"
    client.cookies["csrf"] = token = "a" * 32
    assert send(client, "{}", headers={"X-CSRFToken": token}).status_code == 200


def test_a_token_beside_a_cookie_decides(browser):
    answer = browser.get("/echo/", headers={"X-Session-Token": "made-up"})
    assert answer.status_code == 401


def test_a_hosts_rest_framework_settings_change_nothing(browser, settings):
    settings.REST_FRAMEWORK = {
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "EXCEPTION_HANDLER": "nowhere.handler",
        "DEFAULT_SCHEMA_CLASS": "rest_framework.schemas.openapi.AutoSchema",
        "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    }
    assert browser.get("/echo/").json() == {"channel": Channel.BROWSER}
    assert Client().get("/echo/").status_code == 401


def test_the_parser_reads_no_more_than_it_may():
    class Endless:
        def read(self, size=-1):
            assert size >= 0, "all of it was asked for"
            return b"x" * size

    with pytest.raises(BodyTooLarge):
        LimitedJSONParser().parse(Endless(), "application/json", {"request": RequestFactory().get("/")})
