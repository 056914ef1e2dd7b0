"""The customer's way through the pages, over HTTP: each step by the code or link in the mail."""

import re

import pytest
from django.core import mail
from django.urls import reverse

pytestmark = pytest.mark.django_db

ADDRESS = "alice@example.org"
PASSWORD = "a quiet morning by the sea"


def code_in(message):
    return re.sub(r"\s", "", re.search(r"(?<!\d)\d{3}\s?\d{3}(?!\d)", message.subject).group())


def link_in(message):
    return re.search(r"http://testserver(/accounts/link/\S+)", message.body).group(1)


@pytest.fixture(autouse=True)
def commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def test_sign_up_verify_sign_out_and_in(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("ciam_sign_up"), {"email": ADDRESS, "password": PASSWORD})
    assert answer.url == reverse("ciam_verify_address")
    page = client.get(answer.url)
    assert b"a" in page.content
    answer = client.post(reverse("ciam_verify_address"), {"code": code_in(mail.outbox[-1])})
    assert answer.url == reverse("ciam_overview")
    assert client.get(reverse("ciam_overview")).status_code == 200
    for name in ("ciam_profile", "ciam_security", "ciam_addresses", "ciam_change_password", "ciam_change_address"):
        assert client.get(reverse(name)).status_code == 200
    client.post(reverse("ciam_sign_out"))
    assert client.get(reverse("ciam_overview")).status_code == 302
    answer = client.post(reverse("ciam_sign_in"), {"email": ADDRESS, "password": PASSWORD})
    assert answer.url == reverse("ciam_overview")
