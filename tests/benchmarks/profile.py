"""``python -m tests.benchmarks.profile sign_in`` tells where the processor time of our sign-in goes.

The password is hashed by MD5 meanwhile: what its own hash costs is a table of its own. The stack is sampled as
processor time passes, not traced, so that a function that calls many small ones does not look slower than it is.
"""

import argparse
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from types import CodeType, FrameType
from typing import Any

from tests.benchmarks.people import PASSWORD, address_of, network_of
from tests.benchmarks.stage import Stage

_PEOPLE = 200
_EVERY = 0.001  # seconds of processor time; the kernel may make it a few
_SHOWN = 100
_APP = "/_allauth/app/v1/auth"
_JSON = "application/json"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')

Act = Callable[[int], Any]


class Sampler:
    """Whose processor time it was, in nanoseconds: of each function with all it calls, and of each alone."""

    def __init__(self, below: CodeType) -> None:
        """``below``: what is not called by this function is the test client's."""
        self.whole: Counter[CodeType] = Counter()
        self.alone: Counter[CodeType] = Counter()
        self._below = below
        self._last = 0

    def __enter__(self) -> "Sampler":
        self._last = time.process_time_ns()
        signal.signal(signal.SIGPROF, self._note)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _note(self, _: int, frame: FrameType | None) -> None:
        now = time.process_time_ns()
        spent, self._last = now - self._last, now  # C code is told of late, but with all it took
        stack: list[CodeType] = []
        while frame is not None and self._below not in stack:
            stack.append(frame.f_code)
            frame = frame.f_back
        if self._below in stack:
            self.alone[stack[0]] += spent
            self.whole.update(dict.fromkeys(set(stack), spent))


def sign_in() -> Act:
    from django.test import Client

    csrf = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    found = _TOKEN.search(csrf.get("/accounts/login/").content.decode())
    token = found[1] if found else ""

    def act(number: int) -> Any:
        browser = _client(number)
        browser.cookies["csrf"] = csrf.cookies["csrf"].value
        typed = {"email": address_of(number % _PEOPLE), "password": PASSWORD, "csrfmiddlewaretoken": token}
        return browser.post("/accounts/login/", typed)

    return act


def sign_in_app(devices: Sequence[str] = ()) -> Act:
    def act(number: int) -> Any:
        given = {"email": address_of(number % _PEOPLE), "password": PASSWORD}
        known = {"X-Device-Token": devices[number % _PEOPLE]} if devices else None
        return _client(number).post(f"{_APP}/login", given, _JSON, headers=known)

    return act


def sign_in_again() -> Act:
    """As an app, each person on the device they have been on before."""
    first = sign_in_app()
    return sign_in_app([first(number).headers["X-Device-Token"] for number in range(_PEOPLE)])


def sign_up() -> Act:
    def act(number: int) -> Any:
        given = {"email": f"new.{address_of(number)}", "password": PASSWORD}
        return _client(number).post(f"{_APP}/signup", given, _JSON)

    return act


def session(path: str = "/whoami/") -> Act:
    browser = _client(0)
    browser.cookies = sign_in()(0).client.cookies
    return lambda number: browser.get(path)


def overview() -> Act:
    return session("/accounts/")


_ALL: tuple[Callable[[], Act], ...] = (sign_in, sign_in_app, sign_in_again, sign_up, session, overview)
ACTS = {one.__name__: one for one in _ALL}
_EXPECTED = {"sign_in": 302, "sign_up": 401}


def run(what: str, times: int) -> None:
    """Under the settings of ``peers.cheap``: do ``what`` so many times, and print who took how long."""
    from django.core.handlers.base import BaseHandler

    act = ACTS[what]()
    for number in range(20):
        if (status := act(number).status_code) != _EXPECTED.get(what, 200):
            raise SystemExit(f"Answered {status}.")
    entry = BaseHandler.get_response.__code__
    with Sampler(entry) as sampler:
        for number in range(20, 20 + times):
            act(number)
    print(f"{what}: {sampler.whole[entry] / times / 1e6:.2f} ms of processor time, the hash left out\n")
    for title, counted in (("with what it calls", sampler.whole), ("alone", sampler.alone)):
        print(f"    ms  {title}")
        for code, spent in counted.most_common(_SHOWN):
            print(f"{spent / times / 1e6:6.3f}  {_place(code)}")
        print()


def _client(number: int) -> Any:
    from django.test import Client

    return Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", HTTP_X_FORWARDED_FOR=network_of(number))


def _place(code: CodeType) -> str:
    path = code.co_filename
    for folder in sorted(map(os.path.abspath, sys.path), key=len, reverse=True):
        path = path.removeprefix(f"{folder}/")
    return f"{path}:{code.co_firstlineno} {code.co_qualname}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.profile")
    parser.add_argument("what", choices=ACTS)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        import django

        django.setup()
        run(given.what, given.times)
        return
    stage = Stage()
    stage.make_database("cheap", "cheap", people=_PEOPLE)
    command = ["-m", "tests.benchmarks.profile", given.what, "--times", str(given.times), "--inside"]
    print(stage.run("cheap", "cheap", command))


if __name__ == "__main__":
    main()
