"""How fast the trail takes events, each committed on its own, and how fast it is verified (AU6).

``python -m tests.benchmarks.trail append 5 <time>`` under the settings of a project appends for five seconds, from that
Unix time on, and prints how many in each; ``… verify`` prints how many rows there are and the seconds it took.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.people import address_of
from tests.benchmarks.report import Aim, Table, number, skipped
from tests.benchmarks.stage import Stage

_DATABASE = "trail"
_PEOPLE = 1_000


def measure(stage: Stage, seconds: float) -> Iterator[Table]:
    yield _appending(stage, seconds)
    yield _verifying(stage)


def _appending(stage: Stage, seconds: float) -> Table:
    stage.make_database("ciam", _DATABASE, people=_PEOPLE)
    cores = os.cpu_count() or 1
    rates = {processes: _rate(stage, processes, seconds) for processes in (1, cores, 4 * cores)}
    rows = [[str(processes), number(rate)] for processes, rate in rates.items()]
    note = "Each event is the only one of its transaction, and its commit is on disk before the next."
    aim = Aim("Events appended per second", 2_000, max(rates.values()), unit="")
    return Table("Trail: appending", ["processes", "events per second"], rows, note, [aim])


def _verifying(stage: Stage) -> Table:
    """What was appended before, walked by ``ciam_audit verify``."""
    if "ciam_audit" not in stage.run("ciam", _DATABASE, ["-m", "django", "help", "--commands"]).split():
        return skipped("Trail: verifying", "there is no command ciam_audit.")
    rows, seconds = stage.run("ciam", _DATABASE, ["-m", "tests.benchmarks.trail", "verify"]).split()[-2:]
    if rows == "0":
        return skipped("Trail: verifying", "no event is numbered.")
    rate = int(rows) / float(seconds)
    aim = Aim("Rows verified per second", 100_000, rate, unit="")
    return Table("Trail: verifying", ["rows", "rows per second"], [[f"{int(rows):,}", number(rate)]], aims=[aim])


def _rate(stage: Stage, processes: int, seconds: float) -> float:
    start = time.time() + 2 * processes  # when all of them are up
    command = ["-m", "tests.benchmarks.trail", "append", str(seconds), str(start)]
    with ThreadPoolExecutor(processes) as pool:
        told = list(pool.map(lambda _: stage.run("ciam", _DATABASE, command), range(processes)))
    return sum(float(each) for each in told)


def _append(seconds: float, start: float) -> float:
    """Note that somebody signed out, again and again; how often in a second."""
    from ciam_core.accounts.flows.sign_in import record_sign_out
    from ciam_core.accounts.queries import person_at
    from ciam_core.kernel.origin import Channel, Origin

    person = person_at(address_of(os.getpid() % _PEOPLE))
    if person is None:
        raise SystemExit("The database has nobody in it.")
    origin = Origin(channel=Channel.BROWSER, address="10.0.0.1", agent="benchmark", session="0" * 64)
    record_sign_out(person, origin=origin)
    time.sleep(start - time.time())
    began, times = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - began) < seconds:
        record_sign_out(person, origin=origin)
        times += 1
    return times / elapsed


def _verify() -> str:
    from django.core.management import call_command

    from ciam_core.audit.checkpoints import make_checkpoint
    from ciam_core.audit.models import AuditSequence
    from ciam_core.audit.sequencer import sequence

    sequence()
    make_checkpoint()
    began = time.perf_counter()
    call_command("ciam_audit", "verify")
    return f"{AuditSequence.objects.count()} {time.perf_counter() - began}"


if __name__ == "__main__":
    import django

    django.setup()
    print(_verify() if sys.argv[1] == "verify" else _append(*map(float, sys.argv[2:])))
