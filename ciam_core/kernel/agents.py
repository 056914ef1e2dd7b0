"""A User-Agent in words. Only names from the lists below come out, so nothing a client sends is ever shown."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

LONGEST_AGENT = 300

# Products that build on another's engine name that one too: the more special comes first.
BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPX/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Android", "Android"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def device_in_words(agent: str) -> str:
    """ "Chrome on Windows" in the active language; less where less can be told, "" where nothing can."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        # Translators: a browser and what it runs on, such as "Chrome on Windows".
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def _first(known: Iterable[tuple[str, str]], agent: str) -> str:
    return next((name for mark, name in known if mark in agent[:LONGEST_AGENT]), "")
