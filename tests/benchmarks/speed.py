"""Signing in, signing up, and knowing who asks: ours beside Django and allauth, on the same server and machine."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from tests.benchmarks import hashes
from tests.benchmarks.doors import App, Form, Person, SignedIn, SignUp
from tests.benchmarks.driving import Act
from tests.benchmarks.report import Aim, Table, number, ratio
from tests.benchmarks.rounds import Contestant, Result, compare
from tests.benchmarks.servers import Server, serving
from tests.benchmarks.stage import Stage

CONNECTIONS = 8
PEOPLE = 10_000
RETURNING = 40
"""So many people come back again and again, to a device that is known by then; strangers are taken from the others."""

OURS, OURS_NEW, PEER = "django-ciam, known device", "django-ciam, new device", "Django + allauth, argon2-cffi"
_HEADER = ["", "per second", "CPU ms: server / services", "p50 / p95 ms", "per second, ratio", "server CPU, ratio"]


@dataclass(frozen=True)
class Pace:
    """How long each contestant of each table is driven."""

    rounds: int
    seconds: float


def measure(stage: Stage, pace: Pace) -> Iterator[Table]:
    make_databases(stage)
    with serving(stage, ciam="ciam", bare="bare", django="bare") as servers:
        ours, peer = servers["ciam"], servers["bare"]
        floor = [hashes.libsodium()]
        for title, door in (("Sign-in by form", Form), ("Sign-in of an app", App)):
            results = compare(_sign_in(door, ours, peer), rounds=pace.rounds, seconds=pace.seconds)
            floor.append(hashes.libsodium())
            yield _sign_in_table(title, results, median(floor))
        yield _sign_up(ours, peer, pace)
        yield _session_check(ours, servers["django"], pace)
    yield _hashes(median([*floor, hashes.libsodium()]))


def make_databases(stage: Stage) -> None:
    for project in ("ciam", "bare"):
        stage.make_database(project, project, people=PEOPLE)


def _sign_in(door: Callable[[Iterator[Person]], Act], ours: Server, peer: Server) -> list[Contestant]:
    def known() -> Iterator[Person]:
        return itertools.cycle([Person(number) for number in range(RETURNING)])

    strangers = map(Person, itertools.count(PEOPLE // 2 if door is App else RETURNING))
    return [
        Contestant(OURS, ours, _each(door, known())),
        Contestant(OURS_NEW, ours, _each(door, strangers)),
        Contestant(PEER, peer, _each(door, known())),
    ]


def _sign_in_table(title: str, results: list[Result], floor: float) -> Table:
    known, _, peer = results
    aims = [
        Aim(f"{title}: sign-ins per second beside allauth", 2.0, known.rate / peer.rate),
        Aim(f"{title}: server CPU beside the pure hash", 1.25, known.server / floor, most=True),
    ]
    note = f"The hash alone takes {number(floor)} ms: " + ", ".join(
        f"{one.name} {ratio(one.server, floor)}" for one in results
    )
    return Table(title, _HEADER, _rows(results), f"{note}.", aims)


def _sign_up(ours: Server, peer: Server, pace: Pace) -> Table:
    contestants = [
        Contestant("django-ciam", ours, _each(SignUp, itertools.count())),
        Contestant("allauth headless, argon2-cffi", peer, _each(SignUp, itertools.count())),
    ]
    results = compare(contestants, rounds=pace.rounds, seconds=pace.seconds)
    aim = Aim("Sign-up per second beside allauth headless", 3.0, results[0].rate / results[1].rate)
    return Table("Sign-up", _HEADER, _rows(results), aims=[aim])


def _session_check(ours: Server, peer: Server, pace: Pace) -> Table:
    def clients(path: str) -> list[Act]:
        return [SignedIn(path, Person(number)) for number in range(CONNECTIONS)]

    contestants = [
        Contestant("django-ciam, a host's page", ours, clients("/whoami/")),
        Contestant("django-ciam, its page “Overview”", ours, clients("/accounts/")),
        Contestant("Django's `request.user`, the same host's page", peer, clients("/whoami/")),
    ]
    results = compare(contestants, rounds=pace.rounds, seconds=pace.seconds)
    aim = Aim("Session check per second beside Django's database sessions", 2.0, results[0].rate / results[-1].rate)
    note = f"By server CPU alone the first is {ratio(results[-1].server, results[0].server)} as fast as the last."
    return Table("Session check", _HEADER, _rows(results), note, [aim])


def _hashes(libsodium: float) -> Table:
    rows = [
        ["libsodium (ours)", number(libsodium)],
        ["argon2-cffi (the peer's)", number(hashes.argon2_cffi())],
    ]
    return Table("The hash alone", ["m=19456 KiB, t=2, p=1", "CPU ms, one at a time"], rows)


def _each(door: Callable[[Iterator[int]], Act] | Callable[[Iterator[Person]], Act], whose: Iterator) -> list[Act]:
    return [door(whose) for _ in range(CONNECTIONS)]


def _rows(results: list[Result]) -> list[list[str]]:
    """The last is what the others are compared with."""
    peer = results[-1]
    return [
        [
            one.name,
            number(one.rate),
            f"{number(one.server)} / {number(one.services)}",
            f"{number(one.p50)} / {number(one.p95)}",
            ratio(one.rate, peer.rate),
            ratio(one.server, peer.server),
        ]
        for one in results
    ]
