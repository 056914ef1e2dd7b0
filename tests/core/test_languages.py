"""Who reads what: pages, mails and refusals in the language that was asked for, and how a person changes it."""

import pytest
from django.core import mail
from django.urls import reverse

from tests.journeys.mailbox import newest_mail

PAGE = "/accounts/login/?next=/orders/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def bilingual(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]


def switch_on(page):
    return f'action="{reverse("ciam_set_language")}"' in page.content.decode()


def test_a_page_offers_the_other_languages_and_comes_back_in_the_chosen_one(client, bilingual):
    page = client.get(PAGE).content.decode()
    assert '<button type="submit" name="language" value="de" lang="de">Deutsch</button>' in page
    assert 'value="en"' not in page
    assert f'name="next" value="{PAGE}"' in page

    chosen = client.post(reverse("ciam_set_language"), {"language": "de", "next": PAGE})

    assert chosen.url == PAGE
    assert "<h1>Anmelden</h1>" in client.get(chosen.url).content.decode()


def test_the_choice_is_kept_for_a_year_and_from_scripts(client, bilingual, settings):
    client.post(reverse("ciam_set_language"), {"language": "de"})

    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (365 * 24 * 3600, True, "Lax")


def test_nothing_is_offered_where_the_host_has_named_no_languages(client):
    assert not switch_on(client.get(PAGE))


def test_nothing_is_offered_where_there_is_one_language(client, settings):
    settings.LANGUAGE_CODE, settings.LANGUAGES = "de", [("de", "German")]
    assert not switch_on(client.get(PAGE))


def test_nothing_is_offered_where_nobody_would_follow_the_choice(client, bilingual, settings):
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "LocaleMiddleware" not in path]
    assert not switch_on(client.get(PAGE))


def test_nothing_is_offered_where_it_would_cost_what_was_typed(client, bilingual):
    assert not switch_on(client.post(reverse("ciam_sign_in"), {"email": "alice@example.org"}))


def test_a_language_nobody_knows_has_the_name_the_host_gives_it(client, settings):
    settings.LANGUAGES = [("en", "English"), ("tlh", "tlhIngan Hol")]
    assert 'lang="tlh">tlhIngan Hol</button>' in client.get(PAGE).content.decode()


def test_it_can_be_changed_while_something_else_is_to_be_done_first(client, bilingual, django_user_model):
    alice = django_user_model.objects.create_user("alice@example.org", "a long and quiet river")
    django_user_model.objects.update(password_breached_at=alice.date_joined)
    client.force_login(alice)
    assert client.get(reverse("ciam_overview")).url.startswith(reverse("ciam_change_password"))

    assert client.post(reverse("ciam_set_language"), {"language": "de", "next": PAGE}).url == PAGE


def test_a_mail_is_in_the_language_of_whoever_asked_for_it(client, django_capture_on_commit_callbacks):
    for language, subject in {"de": "ist Ihr Code für Shop", "en": "is your code for Shop"}.items():
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                reverse("ciam_sign_up"),
                {"email": f"{language}@example.org", "password": "a long and quiet river"},
                headers={"Accept-Language": language},
            )
        assert newest_mail(f"{language}@example.org").subject.endswith(subject)
    assert "Geben Sie diesen Code ein, um Ihre Registrierung bei Shop abzuschließen:" in mail.outbox[0].body


def test_a_refusal_is_in_the_language_of_whoever_asks(client):
    for language, title in {"de": "Melden Sie sich zuerst an.", "en": "Sign in first."}.items():
        answer = client.get("/api/ciam/v1/profile/", headers={"Accept-Language": language})
        assert (answer.json()["code"], answer.json()["title"]) == ("not_signed_in", title)
