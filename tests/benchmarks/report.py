"""Tables in Markdown, and the page they stand on."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
_BEGIN, _END = "<!-- measured -->\n", "<!-- end of what was measured -->\n"


@dataclass(frozen=True)
class Aim:
    """``reached`` is compared with ``aim``: at least that, or with ``most`` at most that."""

    what: str
    aim: float
    reached: float
    unit: str = "×"
    most: bool = False

    @property
    def met(self) -> bool:
        return self.reached <= self.aim if self.most else self.reached >= self.aim

    def row(self) -> list[str]:
        sign = "≤" if self.most else "≥"
        told = (f"{sign} {self.aim:,g} {self.unit}", f"{number(self.reached)} {self.unit}")
        return [self.what, *map(str.strip, told), _yes(self.met)]


@dataclass(frozen=True)
class Table:
    title: str
    header: list[str]
    rows: list[list[str]]
    note: str = ""
    aims: list[Aim] = field(default_factory=list)

    def markdown(self) -> str:
        told = f"### {self.title}\n\n"
        if self.rows:
            told += _line(self.header) + _line(["---"] * len(self.header)) + "".join(map(_line, self.rows)) + "\n"
        return told + (f"{self.note}\n\n" if self.note else "")


def skipped(title: str, why: str) -> Table:
    """In place of a table that could not be made."""
    return Table(title, [], [], note=f"Not measured: {why}")


def number(value: float) -> str:
    """Three digits that count: 1,234 · 12.3 · 0.12."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratio(value: float, reference: float) -> str:
    return f"{value / reference:.2f} ×"


def markdown(tables: Iterable[Table]) -> str:
    tables = list(tables)
    aims = [aim.row() for table in tables for aim in table.aims]
    overview = Table("Aims", ["what", "aim", "reached", "met"], aims)
    return f"{_circumstances()}\n\n" + "".join(table.markdown() for table in [overview, *tables])


def write(told: str) -> None:
    """Put ``told`` on the page, in place of what the last run wrote there."""
    before, _, rest = PAGE.read_text().partition(_BEGIN)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_BEGIN}\n{told}{_END}{after}")


def _circumstances() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("Django", "django-allauth", "granian", "psycopg"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of "
        f"memory, {platform.system()} (transparent huge pages: {_huge_pages()}), Python {platform.python_version()}, "
        f"{versions}."
    )


def _processor() -> str:
    described = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in described if line.startswith("model name"))
    return next(named, platform.machine())


def _huge_pages() -> str:
    """Each hash takes 19 MiB from the kernel and gives them back: in pages of 4 KiB that is a good part of its time."""
    offered = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return offered.read_text().partition("[")[2].partition("]")[0] if offered.exists() else "none"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"
