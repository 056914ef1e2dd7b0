"""One POST, and whether it may have arrived."""

import ssl
import time
from contextlib import closing
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit


class OutcomeUnknown(Exception):
    """The request left, and no answer came that can be read: it may have been taken."""


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> int:
    """The status of the answer; its body is not read, and a redirect is not followed.

    ``timeout``: seconds the other side may be silent. ``OSError``: it never arrived.
    """
    parts = urlsplit(url)
    with closing(_connection(parts.scheme, parts.netloc, timeout)) as connection:
        connection.connect()
        started = time.monotonic()
        try:
            connection.request("POST", parts.path or "/", body=body, headers={**headers, "Connection": "close"})
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise OutcomeUnknown(f"{type(error).__name__} after {time.monotonic() - started:.0f} s") from None
        return status


def _connection(scheme: str, host: str, timeout: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, timeout=timeout, context=_trust())
    return HTTPConnection(host, timeout=timeout)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
