"""What gets slower as people come in: one client, in turns on a small and on a large database; then the long lists."""

import html
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import quantiles
from urllib.parse import quote, urlsplit

from tests.benchmarks.doors import Form, Person, SignUp, cookie_header
from tests.benchmarks.driving import Answer, Connection
from tests.benchmarks.people import BUSY, PREFIX, STAFF, address_of
from tests.benchmarks.report import Aim, Table, number, ratio, skipped
from tests.benchmarks.servers import Server, serving
from tests.benchmarks.stage import Stage

PEOPLE = "/admin/ciam_core/user/"
LISTS = {PEOPLE: STAFF, "/api/ciam/v1/activity/": BUSY}
DEEPEST = 50
"""So many pages a list is followed, or to its end."""

_ROUNDS = 5
_STRIDE = 7_919  # a prime: people from everywhere in the table
_NEXT = re.compile(r'<a\b(?=[^>]*\brel="next")[^>]*\bhref="([^"]+)"')

Times = list[float]
Act = Callable[[], None]


def measure(stage: Stage, small: int, large: int, *, times: int) -> Iterator[Table]:
    """``times``: how often each thing is done on each database."""
    stage.make_database("ciam", f"people_{small}", people=small)
    began = time.monotonic()
    stage.make_database("ciam", f"people_{large}", people=large)
    seeded = f"{large:,} people, with addresses, keys and trail, were written in {time.monotonic() - began:.0f} s."
    with serving(stage, ciam=f"people_{small}") as on_small, serving(stage, ciam=f"people_{large}") as on_large:
        towns = {small: Town(on_small["ciam"], small), large: Town(on_large["ciam"], large)}
        yield _growth(towns, small, large, times, seeded)
        yield _lists(towns[large], times)


class Town:
    """A server with so many people, and one client of it."""

    def __init__(self, server: Server, people: int) -> None:
        self.people = people
        self.connection = Connection(server.port)
        visitors = (Person(place * _STRIDE % people) for place in itertools.count(1))
        self._form, self._sign_up = Form(visitors), SignUp(itertools.count())
        self._sessions: dict[int, str] = {}

    def acts(self) -> dict[str, Act]:
        searched = (address_of(place * _STRIDE % self.people) for place in itertools.count())
        return {
            "sign-in by form": partial(self._form, self.connection),
            "sign-up of an app": partial(self._sign_up, self.connection),
            "staff search, exact": lambda: self.search(next(searched)),
            "staff search, prefix": lambda: self.search(PREFIX),
        }

    def search(self, text: str) -> None:
        self.look(f"{PEOPLE}?q={quote(text)}", STAFF)

    def look(self, path: str, person: int) -> Answer:
        answer = self.connection.get(path, Cookie=self._session_of(person))
        if answer.status != 200:
            raise LookupError(f"{path} answered {answer.status}")
        return answer

    def has(self, path: str, person: int) -> bool:
        return self.connection.get(path, Cookie=self._session_of(person)).status == 200

    def _session_of(self, person: int) -> str:
        if person not in self._sessions:
            door = Form(itertools.repeat(Person(person)))
            door(self.connection)
            self._sessions[person] = cookie_header(door.session)
        return self._sessions[person]


def _growth(towns: dict[int, Town], small: int, large: int, times: int, note: str) -> Table:
    acts = {people: town.acts() for people, town in towns.items()}
    names = list(acts[large])
    if not towns[large].has(PEOPLE, STAFF):
        names = [name for name in names if not name.startswith("staff")]
        note += " Staff search was not measured: no list of people in the admin."
    took: dict[tuple[int, str], Times] = {(people, name): [] for people in towns for name in names}
    for turn, name in itertools.product(range(_ROUNDS), names):
        for people in (small, large) if turn % 2 == 0 else (large, small):
            took[people, name] += [_time(acts[people][name]) for _ in range(max(2, times // _ROUNDS))]
    rows, aims = [], []
    for name in names:
        before, after = _p95(took[small, name]), _p95(took[large, name])
        rows.append([name, number(before), number(after), ratio(after, before)])
        aims.append(Aim(f"p95 of {name}, {large:,} people beside {small:,}", _AIMS[name], after / before, most=True))
    return Table("Growth", ["p95, ms", f"{small:,} people", f"{large:,} people", "ratio"], rows, note, aims)


_AIMS = {"sign-in by form": 1.1, "sign-up of an app": 1.25, "staff search, exact": 2.0, "staff search, prefix": 2.0}


def _lists(town: Town, times: int) -> Table:
    rows, aims, absent = [], [], []
    for path, person in LISTS.items():
        if not town.has(path, person):
            absent.append(path)
            continue
        deep, pages = _deepest(town, path, person)
        took: dict[str, Times] = {path: [], deep: []}
        for page, _ in itertools.product((path, deep), range(2)):  # warm
            town.look(page, person)
        for turn in range(times):
            for page in (path, deep) if turn % 2 == 0 else (deep, path):
                took[page].append(_time(partial(town.look, page, person)))
        first, last = _p95(took[path]), _p95(took[deep])
        rows.append([f"`{path}`", number(first), f"{number(last)} (page {pages})", ratio(last, first)])
        aims.append(Aim(f"Page {pages} of `{path}` beside the first", 1.5, last / first, most=True))
    if not rows:
        return skipped("Long lists", f"no list yet at {', '.join(absent)}.")
    note = f"No list at {', '.join(absent)}." if absent else ""
    return Table("Long lists", ["p95, ms", "first page", "deep page", "ratio"], rows, note, aims)


def _deepest(town: Town, path: str, person: int) -> tuple[str, int]:
    """The page ``DEEPEST`` steps on, or the last, and its number."""
    for page in range(1, DEEPEST + 1):
        onward = _next(town.look(path, person).body.decode())
        if onward is None:
            return path, page
        path = urlsplit(path)._replace(query=urlsplit(onward).query).geturl()
    return path, DEEPEST + 1


def _next(body: str) -> str | None:
    if body.startswith("{"):
        told: str | None = json.loads(body)["next"]
        return told
    found = _NEXT.search(body)
    return html.unescape(found[1]) if found else None


def _time(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _p95(took: Times) -> float:
    return quantiles(took, n=20)[-1]
