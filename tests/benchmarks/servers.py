"""A project behind granian, as ``docs/howto/run-in-production.md`` starts it: one worker for each core."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.benchmarks.processes import command_of, cpu_seconds, proportional_set_size, tree
from tests.benchmarks.stage import Stage

WORKERS = os.cpu_count() or 1
THREADS = 4
_PATIENCE = 60.0  # seconds


class Server:
    """A running project; ``database`` is what it stores in."""

    def __init__(self, stage: Stage, project: str, database: str) -> None:
        self.port = _free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--no-ws"]
        command += ["--port", str(self.port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
        command += ["--log-level", "warning", "tests.benchmarks.peers.wsgi:application"]
        self._process = subprocess.Popen(command, env=stage.environment(project, database))
        self._services = stage.pids
        self._wait()

    def cpu_seconds(self) -> tuple[float, float]:
        """Processor time so far: the server's, and that of PostgreSQL and Valkey."""
        return cpu_seconds([self._process.pid]), cpu_seconds(self._services)

    def memory_of_workers(self) -> list[float]:
        """MiB of each worker."""
        workers = [pid for pid in tree(self._process.pid) if pid != self._process.pid]
        return [proportional_set_size(pid) for pid in workers if "resource_tracker" not in command_of(pid)]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE)

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("A server did not start.")


@contextmanager
def serving(stage: Stage, **projects: str) -> Iterator[dict[str, Server]]:
    """``serving(stage, ciam="people")``: each project on a database of that name, by the project's name."""
    with ExitStack() as running:
        servers = {}
        for project, database in projects.items():
            servers[project] = Server(stage, project, database)
            running.callback(servers[project].stop)
        yield servers


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
