"""What a request tells is only as good as who wrote it: a client may send any header."""

import hashlib

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.utils.translation import override

from ciam_core.kernel.http import client_address, device_cookie_name, origin_of, safe_redirect, wants_page
from ciam_core.kernel.origin import Channel


@pytest.fixture
def asked(db):
    """A request of a browser that has no session yet: ``asked(REMOTE_ADDR="10.0.0.1")``."""

    def make(**environ):
        request = RequestFactory().get("/", **environ)
        request.session = SessionStore()
        return request

    return make


@pytest.fixture
def proxies(settings):
    def count(number):
        settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "TRUSTED_PROXY_COUNT": number}

    return count


@pytest.mark.parametrize(
    ("number", "forwarded", "address"),
    [
        (0, "198.51.100.7", "203.0.113.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7,10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", None),
        (1, "", None),
        (1, "198.51.100.7:4711", None),
        (1, "<script>", None),
        (1, "2001:DB8:0::7", "2001:db8::7"),
    ],
)
def test_the_address_is_the_one_the_outermost_proxy_of_ours_wrote(number, forwarded, address, asked, proxies):
    proxies(number)
    request = asked(REMOTE_ADDR="203.0.113.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize("given", ["", "unix:", "localhost"])
def test_an_address_that_cannot_be_told_is_none(given, asked):
    assert client_address(asked(REMOTE_ADDR=given)) is None


def test_an_origin_holds_a_digest_of_the_session_and_a_short_agent(asked):
    request = asked(REMOTE_ADDR="2001:db8::1", HTTP_USER_AGENT="x" * 1000)
    request.session.create()
    with override("de"):
        origin = origin_of(request)
    assert origin.session == hashlib.sha256(request.session.session_key.encode()).hexdigest()
    assert (origin.address, origin.agent) == ("2001:db8::1", "x" * 300)
    assert (origin.channel, origin.language) == (Channel.BROWSER, "de")


@pytest.mark.parametrize("given", [{"HTTP_X_DEVICE_TOKEN": "t" * 43}, {"HTTP_COOKIE": "device=" + "t" * 43}])
def test_a_device_is_known_by_the_digest_of_its_token(asked, given):
    assert origin_of(asked(**given)).device == hashlib.sha256(b"t" * 43).hexdigest()


@pytest.mark.parametrize("token", ["", "t" * 65, "t\x00t", "ü"])
def test_what_cannot_be_a_token_names_no_device(asked, token):
    request = asked(HTTP_X_DEVICE_TOKEN=token)
    assert origin_of(request).device is None


def test_a_device_is_bound_to_its_host_as_the_session_is(settings):
    settings.SESSION_COOKIE_NAME = "__Host-session"
    assert device_cookie_name() == "__Host-device"


def test_who_has_no_session_has_none_in_the_origin(asked):
    assert origin_of(asked()).session is None


def test_the_admin_and_apps_are_channels_of_their_own(asked):
    app, admin = asked(), asked()
    app.ciam_channel = Channel.APP
    admin.resolver_match = ResolverMatch(print, (), {}, app_names=["admin"])
    assert [origin_of(request).channel for request in (app, admin)] == [Channel.APP, Channel.ADMIN]


@pytest.mark.parametrize("url", ["/", "/a?b=c#d", "http://testserver/a", "https://shop.example/a"])
def test_a_url_of_this_site_is_followed(url, asked, settings):
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PUBLIC_URL": "https://shop.example"}
    assert safe_redirect(asked(), url, "/home/") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "ciam_overview",
        "admin:index",
        "a/b",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        "http:///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\x00/a",
        " //evil.example",
        "http://[evil",
    ],
)
def test_any_other_is_not(url, asked):
    assert safe_redirect(asked(), url, "/home/") == "/home/"


def test_a_secure_site_is_not_left_for_an_insecure_one(asked):
    request = asked(**{"wsgi.url_scheme": "https"})
    assert safe_redirect(request, "http://testserver/a", "/home/") == "/home/"
    assert safe_redirect(request, "https://testserver/a", "/home/") == "https://testserver/a"


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}, True),
        ({"HTTP_ACCEPT": "text/html", "HTTP_SEC_FETCH_DEST": "empty"}, True),
        ({}, True),
        ({"HTTP_ACCEPT": "*/*"}, True),
        ({"HTTP_ACCEPT": "*/*", "HTTP_SEC_FETCH_DEST": "empty"}, False),
        ({"HTTP_ACCEPT": "*/*", "CONTENT_TYPE": "application/json"}, False),
        ({"HTTP_ACCEPT": "application/json"}, False),
        ({"HTTP_ACCEPT": "image/png"}, False),
    ],
)
def test_a_page_is_for_who_asks_for_one(headers, page, asked):
    assert wants_page(asked(**headers)) is page
