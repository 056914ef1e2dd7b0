"""Contestants take turns, A B, B A, A B, so that what else the machine does falls on all of them; medians count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.driving import Act, Load, drive
from tests.benchmarks.servers import Server

_WARM_UP = 3.0  # seconds


@dataclass(frozen=True)
class Contestant:
    """``clients``: one act for each connection."""

    name: str
    server: Server
    clients: list[Act]


@dataclass(frozen=True)
class Result:
    """The medians of all rounds; times in milliseconds, ``server`` and ``services`` are processor time."""

    name: str
    rate: float
    server: float
    services: float
    p50: float
    p95: float


def compare(contestants: list[Contestant], *, rounds: int, seconds: float) -> list[Result]:
    """A result for each contestant, in their order. Opening pages and coming back for the first time is not counted."""
    loads: dict[str, list[Load]] = {one.name: [] for one in contestants}
    for one in contestants:
        drive(one.server, one.clients, seconds=_WARM_UP)
    for turn in range(rounds):
        for one in contestants if turn % 2 == 0 else reversed(contestants):
            loads[one.name].append(drive(one.server, one.clients, seconds=seconds))
    return [_medians(name, of_one) for name, of_one in loads.items()]


def _medians(name: str, loads: Iterable[Load]) -> Result:
    loads = list(loads)

    def middle(value: Callable[[Load], float]) -> float:
        return median(map(value, loads))

    return Result(
        name,
        rate=middle(lambda load: load.rate),
        server=middle(lambda load: load.server),
        services=middle(lambda load: load.services),
        p50=middle(lambda load: load.p50),
        p95=middle(lambda load: load.p95),
    )
