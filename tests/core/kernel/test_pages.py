"""The pages' foundations: colours, sizes, templates, forms. Their look is checked by eye, see ``tests/browser``."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.test import RequestFactory

import ciam_core
from ciam_core.kernel.context import Place, ciam
from ciam_core.kernel.forms import CiamForm
from tests.browser.gallery import Page, gallery, render

ROOT = Path(ciam_core.__file__).parent
STATIC = ROOT / "kernel/static/ciam_kernel"
TOKENS = (STATIC / "tokens.css").read_text()
PAGES = [path for path in ROOT.rglob("templates/**/*.html") if "messages" not in path.parts]

GROUNDS = ["ground", "surface"]
TINTS = ["accent-tint", "success-tint", "warning-tint", "danger-tint"]
PAIRS = [
    *((text, ground) for text in ["text", "quiet", "link", "danger"] for ground in GROUNDS),
    *(("text", tint) for tint in TINTS),
    ("link", "accent-tint"),
    *((f"{meaning}", f"{meaning}-tint") for meaning in ["success", "warning", "danger"]),
    *(("on-accent", ground) for ground in ["accent", "accent-hover"]),
    *(("on-danger", ground) for ground in ["danger", "danger-hover"]),
]


class Theme:
    """The colours of tokens.css in one theme: ``light-dark()``, ``var()`` and ``color-mix(in srgb, …)`` resolved."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.values = dict(re.findall(r"--ciam-([\w-]+): ([^;]+);", TOKENS))

    def colour(self, value: str) -> tuple[float, ...]:
        if value.startswith("#"):
            return tuple(int(value[at : at + 2], 16) for at in (1, 3, 5))
        if value.startswith("var("):
            return self.colour(self.values[value[len("var(--ciam-") : -1]])
        if both := re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", value):
            return self.colour(both[self.number + 1])
        mixed = re.fullmatch(r"color-mix\(in srgb, (var\(.+?\)) (\d+)%, (var\(.+?\))\)", value)
        assert mixed, value
        share = int(mixed[2]) / 100
        return tuple(
            share * a + (1 - share) * b for a, b in zip(self.colour(mixed[1]), self.colour(mixed[3]), strict=True)
        )

    def contrast(self, one: str, other: str) -> float:
        """WCAG 2.2, "contrast ratio"."""
        low, high = sorted(_luminance(self.colour(f"var(--ciam-{name})")) for name in (one, other))
        return (high + 0.05) / (low + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


LIGHT, DARK = Theme(0), Theme(1)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_every_text_can_be_read_on_its_ground(pair: tuple[str, str], theme: Theme) -> None:
    assert theme.contrast(*pair) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "link", "danger"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_fields_and_the_focus_ring_can_be_seen(edge: str, ground: str, theme: Theme) -> None:
    assert theme.contrast(edge, ground) >= 3  # WCAG 2.2 §1.4.11


def test_a_browser_without_light_dark_gets_the_light_theme() -> None:
    plain, themed = TOKENS.split("@supports", 1)
    fallback = dict(re.findall(r"--ciam-([\w-]+): (#\w+);", plain))
    assert fallback == dict(re.findall(r"--ciam-([\w-]+): light-dark\((#\w+),", themed))


def test_a_page_stays_light_to_load() -> None:
    assert sum((STATIC / name).stat().st_size for name in ("tokens.css", "ciam.css")) < 20_000
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < 15_000


def test_the_style_sheet_knows_no_left_and_right_and_takes_its_colours_from_the_tokens() -> None:
    sheet = (STATIC / "ciam.css").read_text()
    assert not re.findall(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|[{;\s](?:left|right|top|bottom):", sheet
    )
    assert not re.findall(r"#[0-9a-f]{3,8}\b", sheet)
    assert set(re.findall(r"var\(--ciam-([\w-]+)\)", sheet)) <= LIGHT.values.keys()


def test_nothing_comes_from_another_server() -> None:
    for path in STATIC.iterdir():
        assert not re.findall(r"https?://|@import|url\(", path.read_text()), path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_within(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", source)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", source))


class Reader(HTMLParser):
    """The elements of a page, and which of them have what role in its structure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def find(self, tag: str = "", **attrs: str) -> list[dict[str, str]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [own for name, own in self.tags if name == (tag or name) and wanted.items() <= own.items()]


@pytest.mark.parametrize("page", gallery(), ids=lambda page: page.name)
def test_every_page_has_the_structure_assistive_software_needs(page: Page) -> None:
    html = Reader(render(page))
    count = Counter(tag for tag, _ in html.tags)
    assert (count["h1"], count["main"], count["title"], count["footer"]) == (1, 1, 1, 1)
    assert html.find("html", lang="en", dir="ltr")
    ids = [own["id"] for _, own in html.tags if "id" in own]
    assert len(ids) == len(set(ids))
    for _, own in html.tags:
        for reference in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-for"):
            assert set(own.get(reference, "").split()) <= set(ids), (reference, own)
    named = {own.get("for") for tag, own in html.tags if tag == "label"}
    for tag, own in html.tags:
        if tag in ("input", "select", "textarea") and own.get("type") != "hidden" and "hidden" not in own:
            assert own["id"] in named
    assert len(html.find("input", name="csrfmiddlewaretoken")) == len(html.find("form", method="post"))


@pytest.mark.parametrize("page", gallery(), ids=lambda page: page.name)
def test_every_page_runs_from_right_to_left(page: Page) -> None:
    assert Reader(render(page, language="ar")).find("html", lang="ar", dir="rtl")


class Form(CiamForm):
    email = forms.EmailField(help_text="Where we write to.")
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    password = forms.CharField(
        min_length=8, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


def test_an_error_stands_beside_its_field_and_is_tied_to_it() -> None:
    html = str(Form({"email": "nobody", "code": "123456"}))
    field = Reader(html).find("input", name="email")[0]
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_email_helptext id_email_error"
    assert 'id="id_email_error"><p>Enter a valid email address.</p>' in html


def test_a_summary_announces_every_error_and_leads_to_its_field() -> None:
    form = Form({"email": "nobody"})
    form.add_error(None, "The shop is closed today.")
    html = str(form)
    assert html.index("The shop is closed today.") < html.index("<label")
    assert Reader(html).find(role="alert")
    assert [link["href"] for link in Reader(html).find("a")] == ["#id_email", "#id_code"]


def test_a_single_error_is_shown_once_and_announced_all_the_same() -> None:
    assert Reader(str(Form({"email": "nobody", "code": "1"}))).find(class_="ciam-hidden", role="alert")


def test_the_cursor_starts_in_the_first_wrong_field() -> None:
    html = Reader(str(Form({"email": "alice@example.com"})))
    assert [own["name"] for own in html.find() if "autofocus" in own] == ["code"]


def test_what_was_typed_stays_except_for_passwords() -> None:
    html = Reader(str(Form({"email": "nobody", "password": "hunter2"})))
    assert html.find("input", name="email", value="nobody")
    assert "value" not in html.find("input", name="password")[0]


def test_a_fresh_form_speaks_of_no_error() -> None:
    html = Reader(str(Form()))
    assert not html.find(role="alert")
    assert not html.find(aria_invalid="true")
    assert not [own for own in html.find() if "autofocus" in own]


def test_a_new_password_tells_how_many_characters_are_missing() -> None:
    box = Reader(str(Form())).find("div", class_="ciam-strength")[0]
    steps = box["data-short"].split("|")
    assert (len(steps), steps[0], steps[-1]) == (8, "1 more character", "8 more characters")


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert str(Form()).count("(optional)") == 1


def test_errors_are_in_plain_words() -> None:
    form = Form({"password": "short"})
    assert form.errors["email"] == ["Fill this in to go on."]
    assert form.errors["password"] == ["Use at least 8 characters."]


def test_a_field_added_later_speaks_plainly_too() -> None:
    form = Form({"email": "alice@example.com", "code": "1"})
    form.fields["name"] = forms.CharField()
    assert form.errors == {"name": ["Fill this in to go on."]}


def test_a_form_keeps_the_words_it_was_given() -> None:
    class Own(CiamForm):
        name = forms.CharField(error_messages={"required": "Enter your name."})

    assert Own({}).errors["name"] == ["Enter your name."]


def test_text_from_outside_is_escaped() -> None:
    form = Form({"email": '"><script>alert(1)</script>'})
    form.add_error(None, "<b>no</b>")
    assert not re.search("<script>|<b>", str(form))


def test_forms_of_the_host_render_as_before() -> None:
    class Theirs(forms.Form):
        name = forms.CharField()

    assert "ciam-" not in str(Theirs())


def test_a_place_is_marked_on_its_page_and_on_those_beneath_it() -> None:
    place = Place("Profile", "ciam_profile", covers=("ciam_edit_profile",))
    assert [place.current(name) for name in ("ciam_profile", "ciam_edit_profile", None)] == ["page", "true", ""]


def test_a_page_without_a_person_has_no_name_to_show() -> None:
    context = ciam(RequestFactory().get("/"))["ciam"]
    assert (context.person_name, context.person_email, context.home_url) == ("", "", "/")


def test_the_product_is_called_what_the_settings_say(settings: object) -> None:
    settings.CIAM_KERNEL = {"PRODUCT_NAME": "ærø tea", "SUPPORT_URL": "/help/"}  # type: ignore[attr-defined]
    context = ciam(RequestFactory().get("/"))["ciam"]
    assert (context.product_name, context.product_initial, context.support_url) == ("ærø tea", "Æ", "/help/")
