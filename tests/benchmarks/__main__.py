"""``python -m tests.benchmarks`` measures and writes docs/benchmarks.md; with ``--quick`` it only prints."""

import argparse
from collections.abc import Callable, Iterator

from tests.benchmarks import growth, memory, mfa, report, speed, statements, trail
from tests.benchmarks.report import Table
from tests.benchmarks.speed import Pace
from tests.benchmarks.stage import Stage

PARTS = ["speed", "mfa", "memory", "statements", "trail", "growth"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true", help="small counts, to see that it runs; writes no page")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part, printed; may be repeated")
    parser.add_argument("--people", type=int, default=1_000_000, help="how far people grow (default: %(default)s)")
    given = parser.parse_args()
    tables = []
    for table in measure(given.only or PARTS, quick=given.quick, people=given.people):
        print(table.markdown(), flush=True)
        tables.append(table)
    told = report.markdown(tables)
    if given.quick or given.only:
        print(told)
    else:
        report.write(told)


def measure(parts: list[str], *, quick: bool, people: int) -> Iterator[Table]:
    stage = Stage()
    pace = Pace(rounds=2, seconds=1) if quick else Pace(rounds=5, seconds=8)
    small, large, times = (1_000, 5_000, 20) if quick else (10_000, people, 300)
    made: dict[str, Callable[[], Iterator[Table]]] = {
        "speed": lambda: speed.measure(stage, pace),
        "mfa": lambda: mfa.measure(stage, pace),
        "memory": lambda: memory.measure(stage, seconds=pace.seconds),
        "statements": lambda: statements.measure(stage),
        "trail": lambda: trail.measure(stage, seconds=pace.seconds),
        "growth": lambda: growth.measure(stage, small, large, times=times),
    }
    for part in parts:
        yield from made[part]()


if __name__ == "__main__":
    main()
