"""Takes the picture in README.md from the running demo: ``make demo``, then ``python docs/pictures/take.py``."""

import base64
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

DEMO = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
PASSWORD = "tea with honey and lemon"  # noqa: S105  # everybody's, in the demo
SIZES = {"phone": {"width": 360, "height": 660}, "desktop": {"width": 960, "height": 660}}


def shots(browser: Browser, scheme: str) -> str:
    """Sign-in on a phone and the account on a desktop, as one row of HTML."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", viewport=SIZES["phone"])  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(f"{DEMO}/accounts/login/")
    phone = tab.screenshot()
    tab.fill("[name=email]", "alice@example.com")
    tab.fill("[name=password]", PASSWORD)
    tab.click("form button[type=submit]:visible")
    tab.wait_for_url(lambda url: "/login/" not in url)
    tab.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
    tab.goto(f"{DEMO}/accounts/")
    desktop = tab.screenshot()
    context.close()
    return f"<div>{image(phone)}{image(desktop)}</div>"


def image(shot: bytes) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}" height="440">'


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        rows = shots(browser, "light") + shots(browser, "dark")
        style = "body{margin:0;padding:12px;background:#8b929e;display:inline-block} div{display:flex;gap:12px}"
        style += "div+div{margin-top:12px} img{border-radius:8px;display:block}"
        sheet = browser.new_page(viewport={"width": 930, "height": 920})
        sheet.set_content(f"<!doctype html><style>{style}</style>{rows}")
        sheet.locator("body").screenshot(path=Path(__file__).with_name("pages.png"))
        browser.close()


if __name__ == "__main__":
    main()
