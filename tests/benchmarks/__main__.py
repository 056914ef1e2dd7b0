"""``python -m tests.benchmarks`` measures and writes docs/benchmarks.md; with ``--quick`` it only prints."""

import argparse
from collections.abc import Iterator

from tests.benchmarks import memory, report, speed
from tests.benchmarks.report import Table
from tests.benchmarks.speed import Pace
from tests.benchmarks.stage import Stage


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true", help="small counts, to see that it runs; writes no page")
    given = parser.parse_args()
    tables = []
    for table in measure(quick=given.quick):
        print(table.markdown(), flush=True)
        tables.append(table)
    told = report.markdown(tables)
    if given.quick:
        print(told)
    else:
        report.write(told)


def measure(*, quick: bool) -> Iterator[Table]:
    stage = Stage()
    yield from speed.measure(stage, Pace(rounds=2, seconds=1) if quick else Pace(rounds=5, seconds=8))
    yield memory.measure(stage, seconds=1 if quick else 10)


if __name__ == "__main__":
    main()
