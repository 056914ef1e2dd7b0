"""The trail leaves as lines of JSON or CSV, safe to look at; personal details only when asked for, which is noted."""

import csv
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from ciam_core.audit.models import AuditEvent
from ciam_core.audit.sequencer import sequence
from ciam_core.events import SignedOut
from ciam_core.kernel.origin import Channel, Origin
from tests.core.audit.trail import happen

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("http://evil.example")\r\n{"name":"forged"}\x1b[2J\u2028,"'


def export(*options):
    out = StringIO()
    call_command("ciam_audit", "export", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def lines(*options):
    return [json.loads(line) for line in export(*options).split("\n")[:-1]]


def test_events_come_oldest_first_with_their_numbers():
    happen("alice")
    sequence()
    happen("bob")
    assert [(own["number"], own["subject_id"]) for own in lines()] == [(1, "alice"), (None, "bob")]


def test_they_are_asked_for_by_person_actor_name_and_time():
    with time_machine.travel("2026-01-05T00:00:00Z"):
        happen("alice")
    with time_machine.travel("2026-01-07T12:00:00Z"):
        happen("alice", kind=SignedOut, actor_id="staff")
        happen("bob", kind=SignedOut)
    assert len(lines("--person", "alice")) == 2
    assert len(lines("--actor", "staff")) == 1
    assert len(lines("--name", "session.signed_out")) == 2
    assert len(lines("--since", "2026-01-06", "--until", "2026-01-08")) == 2
    assert len(lines("--until", "2026-01-07T11:59:59Z")) == 1


def test_personal_details_come_only_when_asked_for_and_leave_an_event():
    happen("alice")
    assert "203.0.113.7" not in export() and "203.0.113.7" not in export("--format", "csv")
    assert not AuditEvent.objects.filter(name="audit.unsealed").exists()
    assert lines("--unseal", "--person", "alice")[0]["address"] == "203.0.113.7"
    assert AuditEvent.objects.get(name="audit.unsealed").subject_id == "alice"


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_somebody_sent_neither_ends_a_line_nor_steers_a_terminal_nor_is_a_formula(form):
    """AU5, ASVS 1.2.10 and 16.4.1."""
    happen("=1+1", origin=Origin(channel=Channel.BROWSER, agent=HOSTILE, address="203.0.113.7"))
    written = export("--unseal", "--format", form, "--name", "session.signed_in")
    assert all(" " <= character <= "~" or character == "\n" for character in written)
    assert written.count("\n") == {"json": 1, "csv": 2}[form]
    if form == "csv":
        cells = list(csv.reader(StringIO(written)))[1]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert "'=1+1" in cells
    else:
        assert json.loads(written)["agent"] == HOSTILE


def test_a_moment_that_is_none_is_refused():
    with pytest.raises(CommandError):
        export("--since", "yesterday")


def test_many_pages_are_written_as_one():
    for n in range(501):
        happen(f"person-{n % 3}")
    assert len({own["id"] for own in lines()}) == 501
