"""What processes used of the machine, as Linux counts it (proc(5))."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat behind the name, which may hold anything.
_PARENT, _TIMES = 1, slice(11, 15)


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes and of all below them so far, those that have ended included."""
    return sum(sum(map(int, _stat(pid)[_TIMES])) for root in pids for pid in tree(root) if _stat(pid)) / _TICK


def tree(root: int) -> Iterator[int]:
    """``root`` and every process below it."""
    children = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (stat := _stat(int(folder.name))):
            children[int(stat[_PARENT])].append(int(folder.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children[pid]


def proportional_set_size(pid: int) -> float:
    """MiB of memory, pages that several processes share counted in parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, size = line.partition(":")
        if name == "Pss":
            return int(size.split()[0]) / 1024
    raise LookupError(f"no Pss of process {pid}")


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return []
