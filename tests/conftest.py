"""What every test gets. The servers are started by ``tests.services`` when the settings are read."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from ciam_core.kernel import ids
from tests import services
from tests.chromium import find_chromium

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_sqlite = pytest.mark.skip(reason="needs PostgreSQL (CIAM_TEST_DATABASE=postgresql)")
    no_browser = pytest.mark.skip(reason="no Chromium found (set CHROMIUM to one)")
    for item in items:
        if services.DATABASE != "postgresql" and item.get_closest_marker("postgresql"):
            item.add_marker(on_sqlite)
        if not find_chromium() and item.get_closest_marker("browser"):
            item.add_marker(no_browser)


def pytest_report_header() -> list[str]:
    return [f"ciam: {services.DATABASE}, browser {find_chromium() or 'NONE'}"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    unseen = [report for report in terminalreporter.getreports("skipped") if "browser" in report.keywords]
    if unseen and not find_chromium():
        terminalreporter.section("NO CHROMIUM", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(unseen)} browser tests did NOT run. Install chromium or set CHROMIUM to its path.")


@pytest.fixture(autouse=True)
def _forget_the_last_test() -> Iterator[None]:
    yield
    cache.clear()
    translation.deactivate()  # a request's language stays with its thread
    ids._last = 0  # ids only grow within a process: one from a test in the future would date the next test's too


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread of the live server keeps its connection until it is collected: the database is not dropped under it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), "."]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))
