"""What clients do, at whichever project: each is a callable that does it once and fails loudly if it was refused."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.driving import Answer, Connection
from tests.benchmarks.people import PASSWORD, address_of, network_of

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_SIGN_IN = "/accounts/login/"
_APP = "/_allauth/app/v1/"
_SESSION_COOKIES = {"session", "sessionid"}
_CSRF_COOKIES = {"csrf", "csrftoken"}


@dataclass
class Person:
    """Somebody with an account, and what their browser or app kept of earlier visits, its session aside."""

    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    device: str = ""

    @property
    def address(self) -> str:
        return address_of(self.number)

    def headers(self) -> dict[str, str]:
        kept = {"X-Device-Token": self.device} if self.device else {}
        return {"X-Forwarded-For": network_of(self.number), **kept}


class Form:
    """Fills in the page "Sign in", each time as the next of ``people``."""

    def __init__(self, people: Iterator[Person]) -> None:
        self._people = people
        self._csrf: dict[str, str] = {}
        self._token = ""
        self.session: dict[str, str] = {}

    def __call__(self, connection: Connection) -> None:
        if not self._token:
            self._open(connection)
        person = next(self._people)
        # Each project has a name of its own for the first field, and does not mind the others.
        fields = {**dict.fromkeys(("email", "login", "username"), person.address), "password": PASSWORD}
        answer = connection.post_form(
            _SIGN_IN,
            {**fields, "csrfmiddlewaretoken": self._token},
            Cookie=cookie_header({**person.cookies, **self._csrf}),
            **person.headers(),
        )
        _expect(answer.status == 302 and _SESSION_COOKIES & answer.cookies.keys(), answer)
        self.session = {name: value for name, value in answer.cookies.items() if name in _SESSION_COOKIES}
        kept = answer.cookies.keys() - _SESSION_COOKIES - _CSRF_COOKIES
        person.cookies |= {name: answer.cookies[name] for name in kept}

    def _open(self, connection: Connection) -> None:
        page = connection.get(_SIGN_IN)
        found = _TOKEN.search(page.body)
        _expect(found, page)
        self._token = found[1].decode() if found else ""
        self._csrf = {name: value for name, value in page.cookies.items() if name in _CSRF_COOKIES}


class App:
    """Signs in as an app does, each time as the next of ``people``."""

    def __init__(self, people: Iterator[Person]) -> None:
        self._people = people

    def __call__(self, connection: Connection) -> None:
        person = next(self._people)
        given = {"email": person.address, "password": PASSWORD}
        answer = connection.post_json(f"{_APP}auth/login", given, **person.headers())
        meta = _json(answer, 200).get("meta", {})
        _expect(meta.get("session_token"), answer)
        person.device = answer.device or person.device


class SignUp:
    """Opens an account as an app does; it then waits for the proof of its address."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers

    def __call__(self, connection: Connection) -> None:
        number = next(self._numbers)
        given = {"email": f"new.{address_of(number)}", "password": PASSWORD}
        answer = connection.post_json(f"{_APP}auth/signup", given, **{"X-Forwarded-For": network_of(number)})
        flows = _json(answer, 401)["data"]["flows"]
        _expect({"verify_email"} & {flow["id"] for flow in flows if flow.get("is_pending")}, answer)


class SignedIn:
    """Asks for ``path`` in a browser that is signed in."""

    def __init__(self, path: str, person: Person) -> None:
        self._path = path
        self._person = person
        self._session: dict[str, str] = {}

    def __call__(self, connection: Connection) -> None:
        if not self._session:
            door = Form(itertools.repeat(self._person))
            door(connection)
            self._session = door.session
        answer = connection.get(self._path, Cookie=cookie_header(self._session), **self._person.headers())
        _expect(answer.status == 200, answer)


def cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _json(answer: Answer, status: int) -> Any:
    _expect(answer.status == status, answer)
    return json.loads(answer.body)


def _expect(true: object, answer: Answer) -> None:
    if not true:
        raise SystemExit(f"Answered {answer.status}: {answer.body[:2000].decode(errors='replace')}")
