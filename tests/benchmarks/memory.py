"""What a worker holds once it is warm."""

import itertools
from collections.abc import Iterator
from statistics import mean

from tests.benchmarks.doors import App, Form, Person, SignedIn
from tests.benchmarks.driving import drive
from tests.benchmarks.report import Aim, Table, number, ratio
from tests.benchmarks.servers import serving
from tests.benchmarks.speed import CONNECTIONS, make_databases
from tests.benchmarks.stage import Stage


def measure(stage: Stage, seconds: float) -> Iterator[Table]:
    """Each project alone: pages that two share would be counted for each in part."""
    make_databases(stage)
    ours = _warm_worker(stage, "ciam", seconds)
    peer = _warm_worker(stage, "bare", seconds)
    rows = [["django-ciam", number(ours), ratio(ours, peer)], ["Django + allauth", number(peer), ratio(peer, peer)]]
    note = "After sign-ins by form and as an app, and pages, on all connections."
    aim = Aim("Memory of a warm worker beside Django + allauth", 0.6, ours / peer, most=True)
    yield Table("Memory", ["", "MiB per worker (PSS)", "ratio"], rows, note, [aim])


def _warm_worker(stage: Stage, project: str, seconds: float) -> float:
    people = itertools.cycle([Person(number) for number in range(CONNECTIONS)])
    with serving(stage, **{project: project}) as servers:
        server = servers[project]
        for acts in (
            [Form(people) for _ in range(CONNECTIONS)],
            [App(people) for _ in range(CONNECTIONS)],
            [SignedIn("/whoami/", Person(number)) for number in range(CONNECTIONS)],
        ):
            drive(server, acts, seconds=seconds)
        return mean(server.memory_of_workers())
