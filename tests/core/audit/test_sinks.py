"""Checkpoints leave the house, in order, none lost, though a sink is down (F33, ASVS 16.4.3)."""

import json
import logging
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import time_machine
from django.utils import timezone

from ciam_core.audit import telling
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.models import AuditCheckpoint, AuditSink
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.sinks import HTTPSink
from ciam_core.tasks import sequence_trail
from tests.core.audit.trail import happen

pytestmark = pytest.mark.django_db


class Moody:
    """A sink that is down while ``down``."""

    down = False
    taken: list[int] = []

    def take(self, checkpoint):
        if self.down:
            raise ConnectionError("secret-token")
        self.taken.append(checkpoint["number"])


@pytest.fixture(autouse=True)
def sinks(settings, tmp_path):
    Moody.down, Moody.taken = False, []
    file = tmp_path / "checkpoints.jsonl"
    settings.CIAM_CORE = {
        **settings.CIAM_CORE,
        "AUDIT_CHECKPOINT_EVERY": timedelta(0),
        "AUDIT_SINKS": {
            "moody": {"BACKEND": f"{__name__}.Moody"},
            "file": {"BACKEND": "ciam_core.audit.sinks.FileSink", "OPTIONS": {"path": str(file)}},
        },
    }
    return file


def run():
    happen("alice")
    sequence_trail()


def test_every_sink_is_told_of_each_checkpoint(sinks):
    run()
    run()
    lines = [json.loads(line) for line in sinks.read_text().splitlines()]
    assert [line["number"] for line in lines] == Moody.taken == [1, 2]
    assert lines[1]["previous"] != "" and lines[1]["root"] == AuditCheckpoint.objects.get(number=2).root


def test_a_sink_that_is_down_holds_up_no_other_and_misses_nothing(sinks, caplog):
    run()
    Moody.down = True
    run()
    run()
    assert len(sinks.read_text().splitlines()) == 3
    assert telling.behind() == ["moody"]
    assert "secret-token" not in caplog.text
    Moody.down = False
    run()
    assert Moody.taken == [1]  # it is left alone for half a minute
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        run()
    assert Moody.taken == [1, 2, 3, 4, 5]
    assert len(sinks.read_text().splitlines()) == 5


def test_one_tells_a_sink_at_a_time():
    AuditSink.objects.create(name="moody", leased_until=timezone.now() + timedelta(minutes=1))
    run()
    assert Moody.taken == []


def test_nothing_happened_nothing_is_signed():
    run()
    sequence_trail()
    assert AuditCheckpoint.objects.count() == 1


def test_a_checkpoint_waits_for_its_time(settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "AUDIT_CHECKPOINT_EVERY": timedelta(minutes=1)}
    run()
    run()
    assert AuditCheckpoint.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        run()
    assert [own.size for own in AuditCheckpoint.objects.order_by("number")] == [1, 3]


def test_the_log_is_told_by_default(settings, caplog):
    del settings.CIAM_CORE
    settings.CIAM_CORE = {"BREACHED_PASSWORDS": None}
    with caplog.at_level(logging.INFO, "ciam.audit"):
        run()
    assert '"number":1' in caplog.text


class Server(BaseHTTPRequestHandler):
    answers: list[int] = []
    bodies: list[bytes] = []

    def do_POST(self):
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answers.pop(0))
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *args):
        pass


def test_a_server_is_posted_to_and_anything_but_2xx_is_told_again():
    happen("alice")
    sequence()
    checkpoint = {"number": make_checkpoint().number}
    Server.answers, Server.bodies = [204, 500, 302], []
    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    sink = HTTPSink(f"http://127.0.0.1:{server.server_port}/", timeout=5)
    sink.take(checkpoint)
    for _ in range(2):
        with pytest.raises(OSError, match="HTTP Error"):
            sink.take(checkpoint)
    server.shutdown()
    server.server_close()
    assert Server.bodies == [b'{"number":1}'] * 3


def test_a_server_without_tls_is_refused():
    with pytest.raises(ValueError, match="https"):
        HTTPSink("http://collector.example/")
