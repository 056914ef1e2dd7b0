"""The trail is filtered, paged and exported; it is never counted or changed."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ciam_admin.console.core.export import lines_of
from ciam_admin.events import TrailExported
from ciam_core.events import AccountRegistered
from ciam_core.kernel.origin import SYSTEM
from ciam_core.models import AuditEvent
from tests.admin.console.conftest import shown, trail
from tests.core.audit.trail import happen

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(alice, root):
    """Newest first: what root did to mallory, what happened to alice, and what the system did."""
    system = happen("nobody-special", kind=AccountRegistered, origin=SYSTEM)
    hers = happen(str(alice.pk))
    by_root = happen("mallory", actor_id=str(root.pk))
    return {"by_root": by_root.id, "hers": hers.id, "system": system.id}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "account.registered"}, ["system"]),
        ({"channel": "app"}, ["by_root", "hers"]),
        ({"subject": "mallory"}, ["by_root"]),
        ({"subject": "mallory", "name": "account.registered"}, []),
        ({"since": "2000-01-01", "until": "2000-01-02"}, []),
    ],
)
def test_it_is_filtered(as_, vera, events, given, expected):
    assert [pk for pk in shown(as_(vera).get(trail("changelist"), given)) if pk in events.values()] == [
        events[name] for name in expected
    ]


def test_it_is_filtered_by_who_did_it(as_, vera, events, root):
    assert shown(as_(vera).get(trail("changelist"), {"actor": str(root.pk)})) == [events["by_root"]]


def test_days_include_their_first_and_last_moment(as_, vera, events):
    today = str(timezone.localdate())
    assert set(events.values()) <= set(shown(as_(vera).get(trail("changelist"), {"since": today, "until": today})))


def test_without_a_person_or_a_day_only_the_last_days_are_read(as_, vera, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z")
    old = happen("alice")
    time_machine.move_to("2030-01-20T12:00:00Z")
    client = as_(vera)
    assert old.id not in shown(client.get(trail("changelist")))
    assert shown(client.get(trail("changelist"), {"subject": "alice"})) == [old.id]
    assert old.id in shown(client.get(trail("changelist"), {"since": "2030-01-01"}))


@pytest.mark.parametrize("given", [{"subject": "a b"}, {"since": "yesterday"}, {"name": "no.such"}])
def test_what_is_no_filter_is_said_and_finds_nothing(as_, vera, events, given):
    answer = as_(vera).get(trail("changelist"), given)
    assert shown(answer) == [] and "errorlist" in answer.content.decode()


def test_no_other_parameter_filters(as_, vera, events):
    assert as_(vera).get(trail("changelist"), {"sealed__contains": "p1"}).status_code == 400


def test_pages_keep_the_filter_and_cost_the_same(as_, vera):
    for _ in range(120):
        happen("alice")
    client = as_(vera)
    client.get(trail("changelist"))
    first = client.get(trail("changelist"), {"subject": "alice"})
    with CaptureQueriesContext(connection) as captured:
        second = client.get(trail("changelist") + first.context["cl"].older_url)
    assert {row.subject_id for row in second.context["cl"].result_list} == {"alice"}
    assert set(shown(first)).isdisjoint(shown(second)) and len(shown(second)) == 50
    assert len(captured) <= 6 and not [query for query in captured if "COUNT(" in query["sql"]]


def test_an_export_holds_what_was_filtered_and_nothing_sealed(as_, helen, alice, events, recorded):
    answer = as_(helen).post(trail("export"), {"format": "jsonl", "subject": str(alice.pk)})
    (row,) = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert row.keys() == {"id", "name", "subject_id", "actor_id", "channel", "occurred_at"}
    assert (row["id"], row["name"]) == (str(events["hers"]), "session.signed_in")
    assert "no-store" in answer["Cache-Control"]
    (event,) = recorded(TrailExported)
    assert (event.subject_id, event.actor_id, event.form) == (str(alice.pk), str(helen.pk), "jsonl")
    assert event.filters == (f"subject={alice.pk}",)


def test_an_export_is_as_long_as_the_trail(as_, helen, django_assert_max_num_queries):
    for _ in range(1001):
        happen("alice")
    answer = as_(helen).post(trail("export"), {"format": "csv", "subject": "alice"})
    with django_assert_max_num_queries(4):
        lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "id,name,subject_id,actor_id,channel,occurred_at" and len(lines) == 1002


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_is_run_as_a_formula(begins):
    happen(begins + "cmd|' /C calc'!A0")
    assert f"'{begins}cmd|" in "".join(lines_of(AuditEvent.objects.filter(subject_id__startswith=begins), "csv"))


def test_an_unknown_format_exports_nothing(as_, helen, events, recorded):
    answer = as_(helen).post(trail("export"), {"format": "xlsx", "channel": "app"})
    assert answer.url == f"{trail('changelist')}?channel=app"
    assert recorded(TrailExported) == []
