"""A closed loop: so many clients, each with one connection that stays open, each asking again once it is answered."""

import json
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from threading import Barrier
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.benchmarks.servers import Server


class Answer(NamedTuple):
    status: int
    cookies: dict[str, str]
    body: bytes
    device: str = ""


class Connection:
    """As much of HTTP/1.1 as it takes; the client shall not use the processor that is measured."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, headers)

    def post_form(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        body = urlencode(fields).encode()
        return self._ask("POST", path, {"Content-Type": "application/x-www-form-urlencoded", **headers}, body)

    def post_json(self, path: str, fields: dict[str, Any], **headers: str) -> Answer:
        return self._ask("POST", path, {"Content-Type": "application/json", **headers}, json.dumps(fields).encode())

    def close(self) -> None:
        self._socket.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        told = {"Host": "127.0.0.1", "User-Agent": "benchmark", "Content-Length": str(len(body)), **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._socket.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        return self._read()

    def _read(self) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        length = int(dict(headers)["content-length"])
        while len(body) < length:
            body += self._receive()
        cookies = [value.partition(";")[0].partition("=") for name, value in headers if name == "set-cookie"]
        kept = {name: value for name, _, value in cookies}
        return Answer(int(status.split()[1]), kept, body, dict(headers).get("x-device-token", ""))

    def _receive(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("The server closed the connection.")
        return received


@dataclass(frozen=True)
class Load:
    """What one round was: operations, how long each took (milliseconds), what they cost (milliseconds each)."""

    seconds: float
    took: list[float]
    server: float
    services: float

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def p50(self) -> float:
        return median(self.took)

    @property
    def p95(self) -> float:
        return quantiles(self.took, n=20)[-1]


Act = Callable[[Connection], None]


def drive(server: Server, acts: Iterable[Act], *, seconds: float) -> Load:
    """One client for each of ``acts``, which repeats it on a connection of its own until ``seconds`` are over."""
    acts = list(acts)
    connections = [Connection(server.port) for _ in acts]
    start = Barrier(len(acts) + 1)

    def repeat(act: Act, connection: Connection) -> list[float]:
        took = []
        start.wait()
        deadline = time.perf_counter() + seconds
        while (began := time.perf_counter()) < deadline:
            act(connection)
            took.append((time.perf_counter() - began) * 1000)
        return took

    with ThreadPoolExecutor(len(acts)) as pool:
        clients = [pool.submit(repeat, *client) for client in zip(acts, connections, strict=True)]
        before = server.cpu_seconds()
        start.wait()
        began = time.perf_counter()
        took = [each for client in clients for each in client.result()]
        elapsed = time.perf_counter() - began
        used = [(after - was) * 1000 / len(took) for after, was in zip(server.cpu_seconds(), before, strict=True)]
    for connection in connections:
        connection.close()
    return Load(elapsed, took, *used)
