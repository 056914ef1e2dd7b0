"""Every message, as it reads."""

import html
import re
from dataclasses import replace

import pytest
from django.utils import translation

from ciam_core.messages.rendering import render_message
from tests.core.messages.conftest import CONTEXTS, LINK, PAGE

every_template = pytest.mark.parametrize("template", CONTEXTS)


def words_of(body: str) -> str:
    """What a reader of the HTML sees."""
    seen = re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", body, flags=re.DOTALL)
    return " ".join(html.unescape(seen).split())


@every_template
def test_the_html_says_every_sentence_of_the_text(template, browser):
    message = render_message(template, CONTEXTS[template], browser)

    seen = words_of(message.html)
    for line in filter(None, message.text.split("\n")):
        assert line.removesuffix(":") in seen or line == "--"


@every_template
def test_both_hold_one_button_and_its_link_in_full(template, browser):
    message = render_message(template, CONTEXTS[template], browser)

    assert message.text.count(LINK) == 1
    assert message.html.count(f'<a class="button" href="{LINK}"') == 1 == message.html.count('<a class="button"')
    assert words_of(message.html).count(LINK) == 1


@every_template
def test_a_subject_is_short_and_names_the_product(template, browser):
    subject = render_message(template, CONTEXTS[template], browser).subject

    assert len(subject) <= 50
    assert subject.startswith("Shop: ") or subject == "482 913 is your code for Shop"


@pytest.mark.parametrize("template", ["verify_address", "sign_in", "recover"])
def test_a_code_stands_in_subject_text_and_html(template, browser):
    message = render_message(template, CONTEXTS[template], browser)

    assert "482 913" in message.subject
    assert "\n482 913\n" in message.text
    assert ">482 913</p>" in message.html


@every_template
def test_it_says_when_where_from_and_what_if_it_was_not_you(template, browser, time_machine, settings):
    settings.TIME_ZONE = "UTC"
    time_machine.move_to("2026-07-20T14:05:00+00:00", tick=False)
    text = render_message(template, CONTEXTS[template], browser).text

    assert "July 20, 2026, 2:05 p.m. UTC\nChrome on Windows\nIP address 203.0.113.7\n\nNot you?\n" in text


def test_what_is_not_known_of_the_browser_leaves_no_gap(browser):
    message = render_message("sign_in", CONTEXTS["sign_in"], replace(browser, agent="", address=None))

    assert re.search(r"When and where\n.+\n\nNot you\?", message.text)
    assert "IP address" not in message.html


@every_template
def test_nothing_is_fetched_by_opening_it(template, browser):
    body = render_message(template, CONTEXTS[template], browser).html

    assert not re.search(r"<(img|link|script|iframe)|url\(|@import|\bsrc=", body)


def test_the_other_way_out_of_an_existing_account_is_named(browser):
    message = render_message("account_exists", CONTEXTS["account_exists"], browser)

    assert PAGE in message.text
    assert PAGE in words_of(message.html)


@pytest.mark.parametrize(("signing_up", "words"), [(True, "finish your sign-up"), (False, "this address is yours")])
def test_verifying_says_what_for(browser, signing_up, words):
    context = {**CONTEXTS["verify_address"], "signing_up": signing_up}

    assert words in render_message("verify_address", context, browser).text


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute."), (10, "10 minutes."), (90, "90 minutes."), (1440, "24 hours.")]
)
def test_a_lifetime_reads_as_people_say_it(browser, minutes, words):
    text = render_message("recover", {**CONTEXTS["recover"], "minutes": minutes}, browser).text

    assert f"work once, for {words}" in text


def test_help_is_offered_where_the_host_has_some(browser, settings):
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "SUPPORT_URL": "https://shop.example/help/"}
    message = render_message("sign_in", CONTEXTS["sign_in"], browser)

    assert "Help: https://shop.example/help/" in message.text
    assert 'href="https://shop.example/help/"' in message.html


def test_it_is_written_in_the_language_of_whoever_asked(browser, settings):
    with translation.override("en"):
        message = render_message("sign_in", CONTEXTS["sign_in"], replace(browser, language="ar"))

    assert '<html lang="ar" dir="rtl">' in message.html


@every_template
def test_nothing_of_a_german_message_is_english(template, browser, settings):
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "SUPPORT_URL": "https://shop.example/help/"}
    english = render_message(template, CONTEXTS[template], browser)
    german = render_message(template, CONTEXTS[template], replace(browser, language="de"))

    assert german.subject != english.subject
    for line in set(german.text.split("\n")) & set(english.text.split("\n")):
        assert line in ("", "--", "482 913", "Shop") or line.startswith("http")


@every_template
def test_a_german_message_is_as_short_and_says_the_same_in_html(template, browser):
    message = render_message(template, CONTEXTS[template], replace(browser, language="de"))

    assert len(message.subject) <= 50
    for line in filter(None, message.text.split("\n")):
        assert line.removesuffix(":") in words_of(message.html) or line == "--"


def test_date_and_time_are_written_as_the_reader_writes_them(browser, time_machine, settings):
    settings.TIME_ZONE = "UTC"
    time_machine.move_to("2026-07-20T14:05:00+00:00", tick=False)

    assert (
        "20. Juli 2026 14:05 Uhr (UTC)\n"
        in render_message("sign_in", CONTEXTS["sign_in"], replace(browser, language="de")).text
    )


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en\r\nBcc: x", "x" * 1000])
def test_an_unknown_language_falls_back_to_the_projects(browser, settings, language):
    settings.LANGUAGE_CODE = "de"
    message = render_message("sign_in", CONTEXTS["sign_in"], replace(browser, language=language))

    assert '<html lang="de" dir="ltr">' in message.html


def test_an_ampersand_is_right_in_both(browser, settings):
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PRODUCT_NAME": 'Fish & Chips\' "Shop"'}
    message = render_message("sign_in", CONTEXTS["sign_in"], browser)

    assert message.subject == '482 913 is your code for Fish & Chips\' "Shop"'
    assert 'Sign in to Fish & Chips\' "Shop"\n' in message.text
    assert "Sign in to Fish &amp; Chips" in message.html


@every_template
def test_a_hostile_value_stays_words(template, browser, settings):
    hostile = "<script>alert(1)</script>\r\nBcc: eve@example.org\u2028\u202etxt\x00{{ code }}"
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PRODUCT_NAME": hostile}
    message = render_message(template, {**CONTEXTS[template], "new_address": hostile, "address": hostile}, browser)

    assert "<script>" not in message.html
    assert not re.search(r"[\r\n\x00\u2028\u202e]", message.subject)
    assert not re.search(r"^Bcc:", message.subject + message.text, re.MULTILINE)
    assert not re.search(r"[\r\x00\u2028\u202e]", message.text + message.html)


def test_a_host_replaces_a_template_and_is_escaped_all_the_same(browser, settings, tmp_path):
    own = tmp_path / "ciam_core" / "messages" / "sign_in_message.html"
    own.parent.mkdir(parents=True)
    own.write_text("Hello from {{ product_name }}")
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PRODUCT_NAME": "A & B"}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    assert render_message("sign_in", CONTEXTS["sign_in"], browser).html == "Hello from A &amp; B\n"
