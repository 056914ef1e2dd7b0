"""A breach corpus on this machine: a real server that answers, or misbehaves, as the path says."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from ciam_core.passwords.breached import RangeClient


class Corpus(BaseHTTPRequestHandler):
    lines: ClassVar[dict[str, str]] = {}
    """Prefix → answer."""
    asked: ClassVar[list[tuple[str, str | None]]] = []
    """What was asked: the last part of the path, and ``Add-Padding``."""
    timeout = 3

    def do_GET(self) -> None:
        _, behaviour, prefix = self.path.split("/")
        self.asked.append((prefix, self.headers["Add-Padding"]))
        getattr(self, behaviour)(self.lines.get(prefix, "0" * 35 + ":0"))

    def answer(self, text: str, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text) if length is None else length))
        self.end_headers()
        self.wfile.write(text.encode())

    def range(self, lines: str) -> None:
        self.answer(lines)

    def failing(self, lines: str) -> None:
        self.answer(lines, status=500)

    def elsewhere(self, lines: str) -> None:
        self.answer(lines, status=302, Location="/range/00000")

    def garbage(self, lines: str) -> None:
        self.answer("<html>Sign in to the hotel's network</html>")

    def mixed(self, lines: str) -> None:
        self.answer(lines + "\r\n<p>")

    def empty(self, lines: str) -> None:
        self.answer("")

    def cut(self, lines: str) -> None:
        self.answer("0" * 35 + ":0\r\n", length=1000)

    def huge(self, lines: str) -> None:
        self.answer(("0" * 35 + ":0\r\n") * 20_000)

    def nonsense(self, lines: str) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    def hanging(self, lines: str) -> None:
        time.sleep(1)

    def dripping(self, lines: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"0")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_: object) -> None: ...


class LocalClient(RangeClient):
    """The real client, pointed at this machine and less patient."""

    SECONDS = 0.3


@contextmanager
def serving() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Corpus)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
