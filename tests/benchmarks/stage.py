"""The PostgreSQL and the Valkey that every project is measured on, and the databases in them.

PostgreSQL keeps what it acknowledged (``fsync`` and ``synchronous_commit`` are on, as by default); a gigabyte is shared
buffers, so that what is compared is work, not luck with the page cache.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import psycopg

from tests import services

POSTGRESQL = "shared_buffers = 1GB\nmax_wal_size = 4GB\ncheckpoint_timeout = 15min\n"


class Stage:
    """Both servers, for as long as this process lives."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ciam-bench-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that atexit stops the servers
        self._made: set[str] = set()
        self.pids = [
            services.start_postgresql(self.folder, settings=POSTGRESQL),
            services.start_valkey(self.folder),
        ]

    def environment(self, project: str, database: str) -> dict[str, str]:
        """What a process needs to be ``project`` (a module of ``peers``) on ``database``."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"tests.benchmarks.peers.{project}",
            "CIAM_BENCH_FOLDER": str(self.folder),
            "CIAM_BENCH_DATABASE": database,
        }

    def make_database(self, project: str, database: str, *, people: int) -> None:
        """A migrated database with ``people`` in it, analysed as autovacuum would do by and by; made once."""
        if database in self._made:
            return
        self._made.add(database)
        with self._connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        self.run(project, database, ["-m", "django", "migrate", "--verbosity", "0"])
        self.run(project, database, ["-m", "tests.benchmarks.seeding", str(people)])
        with self._connect(database) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def run(self, project: str, database: str, arguments: Iterable[str]) -> str:
        """Run Python as ``project``; what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.environment(project, database), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _connect(self, database: str) -> psycopg.Connection:
        socket = str(self.folder / "postgresql")
        return psycopg.connect(host=socket, user="postgres", dbname=database, autocommit=True)
