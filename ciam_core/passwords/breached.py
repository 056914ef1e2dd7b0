"""Whether a password is known from a breach, asked without telling anybody the password (ASVS 6.2.12)."""

import hashlib
import os
import re
import ssl
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.flow import require_no_transaction
from ciam_core.passwords.common import is_common
from ciam_core.passwords.text import canonical, octets
from ciam_core.settings import conf

__all__ = ["BreachCheckUnavailable", "BreachClient", "RangeClient", "is_breached"]

PREFIX_LENGTH = 5
_LINE = re.compile(r"([0-9A-F]{35}):(\d{1,12})", re.ASCII)


class BreachCheckUnavailable(Exception):
    """The corpus gave no usable answer in time. Sign-in goes on; the password is looked up again later."""


class BreachClient(Protocol):
    """Where breached passwords are looked up: name yours in ``CIAM_CORE["BREACHED_PASSWORDS"]``."""

    def count(self, digest: str) -> int:
        """How often the password of this SHA-1 (40 upper-case hex digits) was seen in breaches; 0 if never.

        Raises ``BreachCheckUnavailable``, within a second or so: a person is waiting.
        """
        ...


@sensitive_variables()
def is_breached(password: str) -> bool | None:
    """Whether ``password`` is on our list or in the corpus. None: could not tell; emit that and ask again later.

    ``RuntimeError`` inside a transaction, since it waits for the network.
    """
    require_no_transaction("Looking a password up")
    composed = canonical(password)
    if is_common(composed):
        return True
    if (path := conf().BREACHED_PASSWORDS) is None:
        return False
    client: BreachClient = import_string(path)()
    digest = hashlib.sha1(octets(composed), usedforsecurity=False).hexdigest().upper()
    try:
        return client.count(digest) > 0
    except BreachCheckUnavailable:
        return None


class RangeClient:
    """The range API of Have I Been Pwned, or a mirror of it: five of forty hex digits leave the house.

    ``SECONDS`` bounds the whole wait, name resolution included. Answers are padded so that their size tells nothing.
    """

    URL = "https://api.pwnedpasswords.com/range/"
    SECONDS = 1.0
    MOST_BYTES = 262_144

    def count(self, digest: str) -> int:
        prefix, suffix = digest[:PREFIX_LENGTH], digest[PREFIX_LENGTH:]
        asked: Future[bytes] = _askers().submit(self._fetch, prefix)
        try:
            answer = asked.result(timeout=self.SECONDS)
        except (TimeoutError, OSError, HTTPException) as error:
            asked.cancel()
            raise BreachCheckUnavailable(type(error).__name__) from None
        return _counts(answer).get(suffix, 0)

    def _fetch(self, prefix: str) -> bytes:
        url, deadline = urlsplit(self.URL + prefix), time.monotonic() + self.SECONDS
        headers = {"Add-Padding": "true", "User-Agent": "django-ciam"}
        with closing(_connect(url.scheme, url.netloc, self.SECONDS)) as connection:
            connection.request("GET", url.path, headers=headers)
            with connection.getresponse() as response:
                if response.status != HTTPStatus.OK:
                    raise BreachCheckUnavailable(f"status {response.status}")
                return _read(response, most=self.MOST_BYTES, deadline=deadline)


def _connect(scheme: str, host: str, seconds: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, timeout=seconds, context=_trust())
    return HTTPConnection(host, timeout=seconds)


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificate authorities; reading them takes as long as a password hash."""
    return ssl.create_default_context()


def _read(response: HTTPResponse, *, most: int, deadline: float) -> bytes:
    answer = b""
    while chunk := response.read1(65_536):
        answer += chunk
        if len(answer) > most or time.monotonic() > deadline:
            raise BreachCheckUnavailable("too long an answer")
    if response.length:
        raise BreachCheckUnavailable("cut answer")
    return answer


def _counts(answer: bytes) -> dict[str, int]:
    """Suffix → count. Anything but such lines, such as the sign-in page of a hotel's network, is no answer."""
    lines = answer.decode("ascii", "replace").split()
    matches = [_LINE.fullmatch(line) for line in lines]
    if not matches:
        raise BreachCheckUnavailable("empty answer")
    found = {match[1]: int(match[2]) for match in matches if match is not None}
    if None in matches:
        raise BreachCheckUnavailable("unreadable answer")
    return found


@cache
def _askers() -> ThreadPoolExecutor:
    """A few threads, so that a hanging corpus delays nobody by more than ``SECONDS`` and cannot pile up."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="ciam-breach")


# Threads do not survive a fork; a child starts its own.
os.register_at_fork(after_in_child=_askers.cache_clear)
