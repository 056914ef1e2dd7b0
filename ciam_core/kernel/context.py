"""What every bundled page knows: the product, its links, the person and the places inside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language, get_language_info

from ciam_core.kernel.conf import conf
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User

__all__ = [
    "Place",
    "SecurityRow",
    "WayIn",
    "ciam",
    "namers",
    "overview_rows",
    "places",
    "security_rows",
    "ways_in",
]

SECURITY = "ciam_security"


@dataclass(frozen=True)
class Place:
    """An entry of the navigation inside. ``covers``: URL names of the pages beneath it, which it stays marked for."""

    label: str | Promise
    url_name: str
    covers: tuple[str, ...] = ()

    def current(self, url_name: str | None) -> str:
        """The value of ``aria-current`` on the page called ``url_name`` (WAI-ARIA 1.2 §6.6)."""
        if url_name == self.url_name:
            return "page"
        return "true" if url_name in (*self.covers, *self._beneath()) else ""

    def _beneath(self) -> Iterator[str]:
        if self.url_name == SECURITY:
            for row in security_rows:
                yield from row.covers


@dataclass(frozen=True)
class SecurityRow:
    """A line of the page "Sign-in and security". ``show`` gives one person's ``label``, ``value``, ``url``, ``action``,
    or nothing where there is no such line.

    ``covers``: URL names of the pages it leads to, which keep that place marked.
    """

    show: Callable[[User], dict[str, Any]]
    covers: tuple[str, ...]


@dataclass(frozen=True)
class WayIn:
    """A button beside the forms that sign in and up. It posts to ``url``; ``mark`` is the template of its picture.

    ``script``: a static module that does more with it. ``rank``: the lower, the earlier. ``signs_in`` and
    ``signs_up``: which of the two it is for.
    """

    label: str
    url: str
    mark: str
    script: str = ""
    rank: int = 50
    signs_in: bool = True
    signs_up: bool = True


places: Registry[Place] = Registry("place")
security_rows: Registry[SecurityRow] = Registry("security row")
"""Every way to sign in and every protection a person can manage, from whichever app brings it."""
ways_in: Registry[Callable[[], list[WayIn]]] = Registry("way in")
"""Ways to sign in and up that somebody else's page is needed for, from whichever app brings them."""
overview_rows: Registry[Callable[[User], dict[str, Any] | None]] = Registry("overview row")
"""Lines of the overview besides those of the account, as ``SecurityRow.show`` gives them; None: nothing to say."""
namers: Registry[Callable[[User], str]] = Registry("namer")
"""Who knows what a person is called; the first that says something."""


class PageContext:
    """``ciam`` in templates. Everything is worked out when a page asks, so other pages pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def product_name(self) -> str:
        return conf().product_name

    @property
    def product_initial(self) -> str:
        return self.product_name[:1].upper()

    @property
    def support_url(self) -> str:
        return conf().SUPPORT_URL

    @property
    def privacy_url(self) -> str:
        return conf().PRIVACY_URL

    @property
    def home_url(self) -> str:
        """The front page of the project, where the mark leads."""
        return get_script_prefix()

    @cached_property
    def languages(self) -> list[dict[str, str]]:
        """The other languages of the project, each by its own name, if ``LANGUAGES`` names several.

        None on the answer to a form: reading that anew would lose what was typed.
        """
        named = settings.is_overridden("LANGUAGES")  # type: ignore[misc]  # Django's own list is no choice of the host's
        followed = any(path.endswith(".LocaleMiddleware") for path in settings.MIDDLEWARE)
        if not (named and followed and self._request.method == "GET"):
            return []
        return [
            {"code": code, "name": _own_name(code, name)} for code, name in settings.LANGUAGES if code != get_language()
        ]

    @property
    def here(self) -> str:
        """The path and query of this page, to come back to."""
        return self._request.get_full_path()

    @property
    def ways_in(self) -> list[WayIn]:
        """To sign in."""
        return [way for way in self._ways if way.signs_in]

    @property
    def ways_up(self) -> list[WayIn]:
        """To sign up."""
        return [way for way in self._ways if way.signs_up]

    @cached_property
    def _ways(self) -> list[WayIn]:
        return sorted((way for listed in ways_in for way in listed()), key=lambda way: way.rank)

    @cached_property
    def places(self) -> list[dict[str, str | Promise]]:
        match = getattr(self._request, "resolver_match", None)
        here = match.url_name if match else None
        return [
            {"label": place.label, "url": reverse(place.url_name), "current": place.current(here)} for place in places
        ]

    @cached_property
    def person_email(self) -> str:
        """Where the signed-in person is written to, for password managers; empty outside."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        return str(getattr(user, user.get_email_field_name(), "") or "")

    @cached_property
    def person_name(self) -> str:
        """What the signed-in person is called in the header: their name, else the address; empty outside."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        known = (name(user) for name in namers)
        return next(filter(None, known), self.person_email or user.get_username() or "")


def _own_name(code: str, name: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:  # a language Django does not know
        return str(name)


def ciam(request: HttpRequest) -> dict[str, PageContext]:
    """Context processor: add ``ciam_core.kernel.context.ciam`` to the template engine's ``context_processors``."""
    return {"ciam": PageContext(request)}
