"""One call to a provider: bounded in time and size, no redirects, JSON or nothing."""

import json
import time
from typing import Any

import requests

from ciam_core.federation.exceptions import ProviderRejected, ProviderUnavailable
from ciam_core.federation.presets import is_safe
from ciam_core.federation.settings import conf
from ciam_core.kernel.flow import require_no_transaction

MOST_BYTES = 512 * 1024


def call(method: str, url: Any, **sent: Any) -> dict[str, Any]:
    """The JSON object ``url`` answers. Raises ``ProviderUnavailable``, or ``ProviderRejected`` where it says no."""
    require_no_transaction("A call to a provider")
    if not is_safe(url):
        raise ProviderUnavailable()
    seconds = conf().TIMEOUT.total_seconds()
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", **sent.pop("headers", {})}
    try:
        with (
            requests.Session() as session,
            session.request(
                method, url, headers=headers, timeout=seconds, allow_redirects=False, stream=True, **sent
            ) as response,
        ):
            body = _read(response, deadline=time.monotonic() + seconds)
            return _object(response.status_code, body)
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise ProviderUnavailable() from error


def _read(response: requests.Response, *, deadline: float) -> bytes:
    answer = b""
    while chunk := response.raw.read1(65_536):
        answer += chunk
        if len(answer) > MOST_BYTES or time.monotonic() > deadline:
            raise ProviderUnavailable()
    return answer


def _object(status: int, body: bytes) -> dict[str, Any]:
    if status in (400, 401, 403):  # RFC 6749 §5.2: the code is not good, or we are not who we say
        raise ProviderRejected()
    if status != 200:
        raise ProviderUnavailable()
    read = json.loads(body)
    if not isinstance(read, dict):
        raise ProviderUnavailable()
    return read
