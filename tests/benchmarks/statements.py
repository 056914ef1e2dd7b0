"""What each door asks the database. ``python -m tests.benchmarks.statements`` under a project's settings prints it.

``tests/core/test_statements.py`` holds ours.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.people import PASSWORD, address_of
from tests.benchmarks.report import Aim, Table
from tests.benchmarks.speed import make_databases
from tests.benchmarks.stage import Stage

_APP = "/_allauth/app/v1/auth"
_JSON = "application/json"


def measure(stage: Stage) -> Iterator[Table]:
    """Of ours, and of Django + allauth, on the same databases."""
    make_databases(stage)
    ours, peer = (json.loads(stage.run(it, it, ["-m", "tests.benchmarks.statements"])) for it in ("ciam", "bare"))
    rows = [[what, str(ours[what]), str(peer[what])] for what in ours]
    aims = [Aim(f"Data statements of a {it}", 6, ours[it], unit="", most=True) for it in ours if "sign-in" in it]
    note = "Without the bounds of transactions. By somebody who has been here before."
    yield Table("Data statements", ["", "django-ciam", "Django + allauth"], rows, note, aims)


def counted() -> dict[str, int]:
    from django.conf import settings
    from django.test import Client

    from tests.statements import data_statements

    browser, app, stranger = (Client(SERVER_NAME="127.0.0.1") for _ in range(3))
    kept: dict[str, str] = {}  # what an app keeps of earlier visits
    person = {"email": address_of(2), "login": address_of(2), "password": PASSWORD}
    by_app = {"email": address_of(2), "password": PASSWORD}
    newcomer = {"email": "new.comer@mail.example", "password": PASSWORD}
    acts: dict[str, Callable[[], Any]] = {
        "sign-in by form": lambda: _require(browser.post("/accounts/login/", person), 302),
        "sign-in of an app": lambda: _require(app.post(f"{_APP}/login", by_app, _JSON, headers=kept), 200),
        "sign-up of an app": lambda: _require(stranger.post(f"{_APP}/signup", newcomer, _JSON), 401),
        "session check": lambda: _require(browser.get("/whoami/"), 200),
    }
    acts["sign-in by form"]()
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    if token := acts["sign-in of an app"]().headers.get("X-Device-Token"):
        kept["X-Device-Token"] = token
    counts = {what: len(data_statements(act)) for what, act in acts.items()}
    return {**counts, "session check": len(data_statements(acts["session check"]))}  # of a page that is not the first


def _require(answer: Any, status: int) -> Any:
    if answer.status_code != status:
        raise SystemExit(f"Answered {answer.status_code}: {answer.content[:2000]}")
    return answer


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(counted()))
