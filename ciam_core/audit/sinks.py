"""Where checkpoints are told outside of the database: who holds one can prove that the trail was cut or rewritten."""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

logger = logging.getLogger("ciam.audit")


class Sink(Protocol):
    def take(self, checkpoint: Mapping[str, Any]) -> None:
        """Keep ``checkpoint`` (number, size, root, previous, made_at, origin, public_key, signature; JSON-able).

        Within a minute, or raise: then it is told again later, and nothing after it before. The same may come twice.
        """


class LogSink:
    """One line of JSON in the log ``ciam.audit``, from where your log shipper takes it elsewhere."""

    def take(self, checkpoint: Mapping[str, Any]) -> None:
        logger.info("checkpoint %s", line_of(checkpoint))


class FileSink:
    """Appends a line of JSON to the file at ``path``: on another disk, an append-only mount, a mounted bucket."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def take(self, checkpoint: Mapping[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line_of(checkpoint) + "\n")
            file.flush()
            os.fsync(file.fileno())


class HTTPSink:
    """Posts a JSON object to ``url`` (https), with ``headers`` of yours. Any answer but 2xx is a failure."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, timeout: float = 10) -> None:
        local = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
        if urlsplit(url).scheme != "https" and not (local and url.startswith("http:")):
            raise ValueError("HTTPSink needs an https URL.")
        self.url = url
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self.timeout = timeout

    def take(self, checkpoint: Mapping[str, Any]) -> None:
        request = Request(self.url, line_of(checkpoint).encode(), self.headers, method="POST")  # noqa: S310  # https
        with build_opener(_NoRedirects).open(request, timeout=self.timeout):
            pass


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is a failure: what answers from elsewhere was not asked to keep anything."""

    def redirect_request(self, *args: Any) -> None:
        return None


def line_of(checkpoint: Mapping[str, Any]) -> str:
    return json.dumps(checkpoint, separators=(",", ":"))
