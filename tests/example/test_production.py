"""The settings the example runs on in production, read by a process of its own."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import resolve

from example_project.logs import JsonFormatter

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in Path(__file__).with_name("production.env").read_text().splitlines()
    if not line.startswith("#")
)


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    command += ["--settings", "example_project.settings.production"]
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def test_nothing_is_left_to_warn_about():
    checked = check(**ENVIRONMENT)

    assert checked.returncode == 0, checked.stderr


def test_everything_that_is_missing_is_named_at_once():
    told = check().stderr.splitlines()[-1]

    assert all(name in told for name in ENVIRONMENT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIAM_KEYS", "hunter2"),
        ("DATABASE_URL", "postgresql://kiln:hunter2@db:5432/kiln?no-such-word=1"),
        ("EMAIL_PORT", "hunter2"),
    ],
)
def test_what_is_malformed_is_named_and_not_shown(name, value):
    told = check(**{**ENVIRONMENT, name: value}).stderr

    assert name in told.splitlines()[-1]
    assert "hunter2" not in told


def test_the_guide_lists_every_variable():
    guide = (ROOT / "docs/howto/run-in-production.md").read_text()
    source = (ROOT / "example_project/settings/production.py").read_text()
    read = re.findall(r'environment(?:\[|\.\w+\()"(\w+)"', source)

    assert set(read) >= ENVIRONMENT.keys()
    assert [name for name in read if f"`{name}`" not in guide] == []


def test_a_log_line_tells_the_route_and_not_the_link():
    request = RequestFactory().get("/accounts/link/c2VjcmV0/")
    request.resolver_match = resolve(request.path)

    line = logged("Not Found: %s", request.path, extra={"request": request, "status_code": 404})

    assert line["message"] == "404 GET /accounts/link/<str:token>/"
    assert "c2VjcmV0" not in json.dumps(line)


def test_a_log_line_tells_where_an_exception_came_from_and_not_what_it_quotes():
    try:
        raise IntegrityError("Key (email)=(alice@example.com) already exists.")
    except IntegrityError:
        line = logged("Failed", exc_info=sys.exc_info())

    assert line["exception"] == "IntegrityError"
    assert line["frames"][0].startswith(__file__)
    assert "alice" not in json.dumps(line)


def logged(message, *args, extra=None, exc_info=None):
    record = logging.getLogger("test").makeRecord(
        "test", logging.ERROR, __file__, 1, message, args, exc_info, extra=extra
    )
    return json.loads(JsonFormatter().format(record))
