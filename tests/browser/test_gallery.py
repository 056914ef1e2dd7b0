"""The gallery in a browser: axe finds nothing, nothing overflows, and the script adds what PAGES promises."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.gallery import gallery
from tests.browser.tab import ORIGIN, open_gallery

pytestmark = pytest.mark.browser

NAMES = [page.name for page in gallery()]
TARGETS = (
    ".ciam-button, .ciam-act, .ciam-show, .ciam-mark, .ciam-foot :is(a, button), .ciam-aside a, .ciam-up a, "
    ".ciam-places a, .ciam-menu summary, .ciam-check label, .ciam-choices label, "
    ".ciam-input :is(input, select, textarea)"
)
SMALL = {"width": 320, "height": 640}


@pytest.fixture(scope="module", params=["light", "dark"])
def axe_tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab in either theme; the policy is lifted, because axe is injected as an inline script."""
    context = open_gallery(chromium, color_scheme=request.param, bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab under the strict policy in which every complaint of the console fails the test."""
    context = open_gallery(chromium)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert [text for text in complaints if "404" not in text] == []


def show(tab: Page, name: str) -> None:
    tab.goto(f"{ORIGIN}/pages/{name}")


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(axe_tab: Page, name: str) -> None:
    show(axe_tab, name)
    found = Axe().run(axe_tab).response["violations"]
    assert [(problem["id"], problem["nodes"][0]["html"]) for problem in found] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_page_is_wider_than_a_small_screen(chromium: Browser, language: str) -> None:
    context = open_gallery(chromium, language=language, viewport=SMALL)
    tab = context.new_page()
    for name in NAMES:
        show(tab, name)
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], name
    context.close()


def test_every_target_is_large_enough_for_a_finger(chromium: Browser) -> None:
    context = open_gallery(chromium, viewport=SMALL, has_touch=True, is_mobile=True)
    tab = context.new_page()
    for name in NAMES:
        show(tab, name)
        heights = tab.locator(TARGETS).evaluate_all(
            "all => all.filter(one => one.checkVisibility()).map(one => one.offsetHeight)"
        )
        assert min(heights) >= 44, name
    context.close()


def test_every_page_works_without_the_script(chromium: Browser) -> None:
    context = open_gallery(chromium, java_script_enabled=False)
    tab = context.new_page()
    show(tab, "sign-up")
    expect(tab.locator(".ciam-show")).to_be_hidden()
    expect(tab.locator(".ciam-meter")).to_be_hidden()
    show(tab, "sign-in-code")
    expect(tab.get_by_role("button", name="Send another")).to_be_enabled()
    context.close()


def test_the_cursor_starts_where_the_person_goes_on(tab: Page) -> None:
    for name, field in {"sign-in": "email", "reauthenticate": "password", "sign-in-refused": "password"}.items():
        show(tab, name)
        expect(tab.locator(f"input[name={field}]")).to_be_focused()


def test_a_page_with_a_form_beside_other_things_leaves_the_cursor_alone(tab: Page) -> None:
    show(tab, "addresses")
    expect(tab.locator("input[name=email]")).not_to_be_focused()


def test_a_password_can_be_shown_and_is_hidden_again_when_it_is_sent(tab: Page) -> None:
    show(tab, "sign-in")
    field = tab.locator("input[name=password]")
    tab.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_be_focused()
    form = tab.locator("form", has=tab.locator("[name=password]"))
    form.evaluate("form => form.addEventListener('submit', event => event.preventDefault())")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(field).to_have_attribute("type", "password")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kettle", "9 more characters"),
        ("kettle blue ra", "1 more character"),
        ("alicealicealice1", "Leave out your email address"),
        ("aaaaaaaaaaaaaaaaaaaa", "Easy to guess: add a word or two"),
        ("abcdefghijklmnop", "Easy to guess: add a word or two"),
        ("passwordpassword", "Easy to guess: add a word or two"),
        ("walnut orbit cable", "Very good"),
        ("🔑" * 14, "1 more character"),
    ],
)
def test_strength_is_told_while_typing(tab: Page, typed: str, said: str) -> None:
    show(tab, "sign-up")
    tab.locator("input[name=email]").fill("alice@example.com")
    tab.locator("input[name=password]").fill(typed)
    expect(tab.locator(".ciam-strength [role=status]")).to_have_text(said)


def test_a_code_can_be_pasted_as_it_is_written(tab: Page) -> None:
    show(tab, "sign-in-code")
    field = tab.locator("input[name=code]")
    field.evaluate(
        """field => {
            const data = new DataTransfer();
            data.setData("text", " 482-913 ");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(field).to_have_value("482913")


def test_another_code_can_be_asked_for_once_the_wait_is_over(tab: Page) -> None:
    tab.clock.install()
    show(tab, "sign-in-code")
    button = tab.locator("[data-resend-after]")
    expect(button).to_have_text("Send another in 30 s")
    expect(button).to_be_disabled()
    tab.clock.run_for(31_000)
    expect(button).to_have_text("Send another")
    expect(button).to_be_enabled()


def test_a_double_click_sends_once(tab: Page) -> None:
    show(tab, "sign-in")
    tab.evaluate(
        """() => {
            window.sent = 0;
            document.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) window.sent += 1;
                event.preventDefault();
            });
        }"""
    )
    tab.get_by_role("button", name="Sign in", exact=True).dblclick()
    assert tab.evaluate("window.sent") == 1


def test_a_page_shown_again_by_the_back_button_can_be_sent_again(tab: Page) -> None:
    show(tab, "sign-in")
    button = tab.get_by_role("button", name="Sign in", exact=True)
    form = tab.locator("form", has=tab.locator("[name=password]"))
    form.evaluate("form => form.addEventListener('submit', event => event.preventDefault())")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    tab.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(button).to_be_enabled()


def test_the_menu_closes_on_escape_and_gives_the_cursor_back(tab: Page) -> None:
    show(tab, "overview")
    summary = tab.locator(".ciam-menu summary")
    summary.click()
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_first_tab_stop_leads_past_the_navigation(tab: Page) -> None:
    show(tab, "overview")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


def test_a_host_changes_the_theme_with_one_attribute(tab: Page) -> None:
    show(tab, "sign-in")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert tab.evaluate(ground) != light
