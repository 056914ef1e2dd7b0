"""What the pages say is what the code does (ASVS 6.1.1, 6.1.3)."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.views import LoginView
from django.urls import get_resolver

import ciam_core
from ciam_admin import events as staff_events
from ciam_admin import exceptions as staff_exceptions
from ciam_admin.models import StaffPermission
from ciam_core import events
from ciam_core.accounts import links
from ciam_core.accounts.attributes import Attribute
from ciam_core.accounts.headless.urls import VIEWS
from ciam_core.api_urls import urlpatterns as rest
from ciam_core.federation import events as federation_events
from ciam_core.federation.api_urls import urlpatterns as linked
from ciam_core.federation.headless import BROWSER
from ciam_core.federation.presets import Provider
from ciam_core.kernel import problems
from ciam_core.kernel.api import BodyTooLarge
from ciam_core.kernel.events import Event
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.required_actions import actions
from ciam_core.kernel.settings import schemas
from ciam_core.throttling import budgets
from ciam_mfa import events as mfa_events
from ciam_mfa import exceptions as mfa_exceptions
from ciam_mfa.api_urls import urlpatterns as factors
from ciam_mfa.integrations.allauth import VIEWS as CHALLENGE
from tests.architecture.documents import PAGES, blocks, named, table
from tests.architecture.sources import ROOT, modules
from tests.architecture.test_url_map import patterns

SIGN_IN = "docs/accounts/sign-in.md"
LIMITS = "docs/throttling/README.md"
DOORS = {"enter", "let_back_in", "resume", "signed_in"}
BEHIND = {"ciam_core.accounts.entering", "ciam_core.federation.views.base"}


def test_the_limits_are_those_that_are_counted():
    written = {
        name: (int(tries), within, None if free == "–" else int(free), gives_back == "its own try")
        for name, tries, within, free, gives_back, _ in table(LIMITS, "budget")
    }
    assert written == {
        own.name: (own.limit, in_words(own.window, "minutes"), own.free, own.shared) for own in budgets.all_budgets()
    }


def test_links_and_codes_live_as_long_as_the_page_says():
    written = {name: (life, link, code, tries) for name, life, _, link, code, tries in table(SIGN_IN, "purpose")}
    assert written == {
        own.name: (
            in_words(own.lifetime, "minutes" if own.lifetime < timedelta(hours=1) else "hours"),
            yes(own.link),
            yes(own.code),
            str(own.tries) if own.code else "–",
        )
        for own in links.link_purposes()
    }


def test_every_way_to_a_session_is_on_the_page():
    named_there = {name for first, *_ in table(SIGN_IN, "URL name", "path") for name in first.split(", ")}
    assert named_there == set(doors())


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("docs/accounts/events.md", events),
        ("docs/federation/README.md", federation_events),
        ("docs/mfa/README.md", mfa_events),
    ],
)
def test_the_events_are_on_the_page_with_what_they_add(page, told):
    written = {
        name: (kind, set() if adds == "–" else set(adds.split(", "))) for name, kind, adds, _ in table(page, "name")
    }
    kinds: list[type[Event]] = [getattr(told, name) for name in told.__all__]
    base = {field.name for field in dataclasses.fields(Event)}
    assert written == {
        kind.name: (kind.__name__, {field.name for field in dataclasses.fields(kind)} - base) for kind in kinds
    }


def test_the_events_and_refusals_of_staff_are_on_their_page():
    page = "docs/admin/README.md"
    kinds: list[type[Event]] = [getattr(staff_events, name) for name in staff_events.__all__]
    base = {field.name for field in dataclasses.fields(Event)}
    adds = {kind.name: {field.name for field in dataclasses.fields(kind)} - base for kind in kinds}
    assert {name: set(told.split(", ")) for name, _, told, _ in table(page, "name")} == adds
    refused = [getattr(staff_exceptions, name) for name in staff_exceptions.__all__]
    written = {(code, int(status), kind) for code, status, kind, _ in table(page, "code")}
    assert written == {(kind.code, int(kind.status), kind.__name__) for kind in refused}


def test_the_permissions_of_staff_are_on_their_page():
    written = {name for name, _ in table("docs/admin/README.md", "permission") if name.startswith("ciam_admin.")}
    assert written == {f"ciam_admin.{name}" for name, _ in StaffPermission._meta.permissions}


def test_the_error_codes_are_on_the_page_with_their_status():
    written = {
        (code, int(status), kind)
        for code, status, kinds, _ in table("docs/accounts/errors.md", "code", "status", "class")
        for kind in kinds.split(", ")
    }
    assert written == {(kind.code, int(kind.status), kind.__name__) for kind in refusals()}


def test_the_error_codes_of_second_factors_are_on_their_page():
    kinds = [getattr(mfa_exceptions, name) for name in mfa_exceptions.__all__]
    written = {(code, int(status), kind) for code, status, kind, _ in table("docs/mfa/README.md", "code")}
    assert written == {(kind.code, int(kind.status), kind.__name__) for kind in kinds}


def test_the_framework_s_own_error_codes_are_on_the_page():
    written = {code for code, *_ in table("docs/accounts/errors.md", "code", "status", "when")}
    spoken = {code for code, _ in problems._WORDS.values()} | {BodyTooLarge.default_code}
    assert (
        spoken - {code for code, *_ in table("docs/accounts/errors.md", "code", "status", "class")} <= written <= spoken
    )


def test_the_check_ids_are_on_the_page():
    written = {check for first, *_ in table("docs/kernel/checks.md", "id") for check in first.split(", ")}
    given = {check for source in sources() for check in re.findall(r"\bid=\"(ciam_\w+\.[EW]\d{3})\"", source)}
    shared = {f"{conf.label}.E00{number}" for conf in schemas for number in range(1, 5)}
    assert written == given | shared


def test_the_keys_of_a_profile_attribute_are_on_the_page():
    written = {name: default for name, default, _ in table("docs/accounts/profile.md", "key")}
    declared = {own.name: own for own in dataclasses.fields(Attribute) if own.name != "name"}
    assert written.keys() == declared.keys()
    for name, own in declared.items():
        required = own.default is dataclasses.MISSING
        assert written[name] == ("required" if required else shown(own.default))


def test_the_keys_of_a_provider_are_on_the_page():
    written = {key for first, *_ in table("docs/federation/README.md", "key") for key in first.split(", ")}
    assert written == {own.name for own in dataclasses.fields(Provider)} - {"id"}


def test_the_paths_of_the_api_are_on_the_page():
    written = (ROOT / "docs/accounts/api.md").read_text()
    missing = [path for path in {**VIEWS, **BROWSER} if f"| `{path}` |" not in written]
    paths = [re.sub(r"<\w+:\w+_id>", "<id>", str(own.pattern)) for own in [*rest, *linked]]
    missing += [path for path in paths if f"| `{path}` |" not in written]
    assert missing == []


def test_the_paths_of_second_factors_are_on_their_page():
    written = (ROOT / "docs/mfa/README.md").read_text()
    assert [path for path in CHALLENGE if f"`POST {path}`" not in written] == []
    assert [str(own.pattern) for own in factors if f"| `{in_page(own)}` |" not in written] == []


def in_page(own):
    return re.sub(r"<\w+:(\w+)>", r"<\1>", str(own.pattern))


@pytest.mark.parametrize(
    ("page", "app"),
    [
        ("docs/accounts/mail.md", "ciam_core"),
        ("docs/federation/README.md", "ciam_core/federation"),
        ("docs/mfa/README.md", "ciam_mfa"),
    ],
)
def test_the_mails_are_on_the_page(page, app):
    folder = ROOT / app / "templates/ciam_core/messages"
    templates = {path.name.removesuffix("_subject.txt") for path in folder.glob("*_subject.txt")}
    assert {name for name, *_ in table(page, "template")} == templates


def test_the_required_actions_are_on_the_page():
    assert {name for name, *_ in table("docs/kernel/required-actions.md", "name")} == set(actions.names())


def test_every_setting_a_page_names_exists():
    known = {field.name for conf in schemas for field in dataclasses.fields(conf.schema)}
    told = re.compile(r"`CIAM_(?:ADMIN|KERNEL|CORE)\[[\"'](\w+)[\"']\]`")
    strangers = {(named(page), name) for page in PAGES for name in told.findall(page.read_text()) if name not in known}
    assert strangers == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_lead_somewhere(page):
    broken = [link for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()) if not leads(page, link)]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_python_that_is_shown_can_be_read_by_python(page):
    for block in blocks(page, "python"):
        compile(block.text, f"{named(page)}:{block.line}", "exec")


def leads(page: Any, link: str) -> bool:
    where, _, anchor = link.partition("#")
    target = (page.parent / where).resolve() if where else page
    if not anchor:
        return bool(target.exists())
    headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def in_words(span: timedelta, unit: str) -> str:
    return f"{int(span / timedelta(**{unit: 1}))} {unit}"


def yes(value: bool) -> str:
    return "yes" if value else "no"


def shown(default: Any) -> str:
    if isinstance(default, str):
        return f'"{default}"'
    return str(default).replace("'", '"')


def sources() -> Iterator[str]:
    return ((ROOT / path).read_text() for path, _ in modules() if path.startswith(("ciam_core/", "ciam_mfa/")))


def refusals() -> set[type[CiamError]]:
    for found in pkgutil.walk_packages(ciam_core.__path__, "ciam_core."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)
    return {kind for kind in below(CiamError) if kind.__module__.startswith("ciam_core.")}


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def doors() -> Iterator[str]:
    """The URL names of every view that can end in a session: ours that reach a door, Django's that sign in."""
    for _, pattern in patterns(get_resolver().url_patterns):
        view = view_of(pattern.callback)
        if view.__module__.startswith("ciam_core.") and reaches_a_door(view):
            yield str(pattern.name)
        elif getattr(view, "__qualname__", "") == AdminSite.login.__qualname__ or view is LoginView:
            yield f"admin:{pattern.name}"


def view_of(callback: Any) -> Any:
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


def reaches_a_door(view: Any) -> bool:
    """Whether what ``view`` says, with its bases and what it calls in its own module, calls one of ``DOORS``."""
    kinds = inspect.getmro(view) if inspect.isclass(view) else (view,)
    return any(calls_a_door(kind) for kind in kinds if kind.__module__.startswith("ciam_core."))


def calls_a_door(thing: Any) -> bool:
    module: ModuleType = importlib.import_module(thing.__module__)
    told = {name: node for node in ast.parse(inspect.getsource(module)).body for name in names_of(node)}
    seen: set[str] = set()
    waiting = [thing.__name__]
    while waiting:
        name = waiting.pop()
        if name in DOORS and getattr(module, name).__module__ in BEHIND:
            return True
        if name in told and name not in seen:
            seen.add(name)
            waiting += used_names(told[name])
    return False


def used_names(node: ast.stmt) -> list[str]:
    """What ``node`` may call. What is only looked into (``purpose in LINK_PAGES``) is not called."""
    compared = {
        id(name)
        for own in ast.walk(node)
        if isinstance(own, ast.Compare) and all(isinstance(sign, ast.In | ast.NotIn) for sign in own.ops)
        for name in own.comparators
    }
    return [own.id for own in ast.walk(node) if isinstance(own, ast.Name) and id(own) not in compared]


def names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
