"""The developer inbox."""

from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import include, path

from ciam_core.messages.checks import INBOX, check_inbox

urlpatterns = [path("inbox/", include("ciam_core.messages.urls"))]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def inbox(settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_BACKEND = INBOX
    settings.CIAM_CORE = {"INBOX_DIR": str(tmp_path / "inbox")}
    return tmp_path / "inbox"


def keep(subject="Hello", html="<head></head><p>Hello</p>", text="Hello https://shop.example/l/ <b>"):
    message = EmailMultiAlternatives(subject, text, to=["alice@example.org"])
    message.attach_alternative(html, "text/html")
    message.send()


def test_it_lists_what_was_mailed_newest_first(client, inbox):
    keep("First")
    keep("Second")
    page = client.get("/inbox/").content.decode()

    assert page.index("Second") < page.index("First")
    assert "alice@example.org" in page


def test_it_says_so_when_there_is_nothing(client, inbox):
    assert "Nothing yet" in client.get("/inbox/").content.decode()


def test_a_message_opens_with_its_words_and_a_link_to_follow(client, inbox):
    keep()
    (kept,) = inbox.glob("*.eml")
    page = client.get(f"/inbox/{kept.stem}/").content.decode()

    assert '<a href="https://shop.example/l/" rel="nofollow">' in page
    assert "&lt;b&gt;" in page
    assert f'<iframe class="ciam-mail" src="/inbox/{kept.stem}/html/"' in page


def test_the_html_runs_nothing_and_fetches_nothing(client, inbox):
    keep(html="<head></head><script>alert(1)</script>")
    (kept,) = inbox.glob("*.eml")
    response = client.get(f"/inbox/{kept.stem}/html/")

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "allow-scripts" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response.content.startswith(b'<head><base target="_top"></head>')


def test_a_plain_message_has_no_frame(client, inbox):
    EmailMessage("Plain", "Hello", to=["alice@example.org"]).send()
    (kept,) = inbox.glob("*.eml")

    assert "<iframe" not in client.get(f"/inbox/{kept.stem}/").content.decode()


@pytest.mark.parametrize("where", [f"{UUID(int=1)}/", f"{UUID(int=1)}/html/", "../settings/", "x/"])
def test_what_is_not_there_is_not_found(client, inbox, where):
    assert client.get(f"/inbox/{where}").status_code == 404


def test_it_does_not_exist_outside_development(client, inbox, settings):
    keep()
    (kept,) = inbox.glob("*.eml")
    settings.DEBUG = False

    for where in ("", f"{kept.stem}/", f"{kept.stem}/html/"):
        assert client.get(f"/inbox/{where}").status_code == 404


def test_it_is_only_read(client, inbox):
    assert client.post("/inbox/").status_code == 405


def test_without_a_folder_it_says_which_setting_is_missing(settings):
    settings.EMAIL_BACKEND = INBOX
    with pytest.raises(ImproperlyConfigured, match="INBOX_DIR"):
        keep()


def test_only_the_owner_of_the_process_reads_the_folder(inbox):
    keep()
    assert inbox.stat().st_mode & 0o077 == 0


def test_a_deployment_that_mails_into_the_inbox_fails_its_check(inbox, settings):
    assert not check_inbox(None)
    settings.DEBUG = False
    (found,) = check_inbox(None)

    assert found.id == "ciam_core.E101"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert not check_inbox(None)
