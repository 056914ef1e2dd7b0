"""A row of the trail exists if and only if the change it reports has committed (invariant 6)."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ciam_core.accounts.exceptions import SignInRefused
from ciam_core.audit.models import AuditEvent
from ciam_core.audit.sealing import NOBODY, opened
from ciam_core.events import PasswordSet, SignInRejected
from ciam_core.flows import change_password, register, sign_in_with_password
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.models import PersonKey
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.secrets import SecretUnreadable, destroy_person_key
from tests.core.audit.trail import PHONE, happen
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

NEW = "a longer walk along the river"


def names(**filters):
    return list(AuditEvent.objects.filter(**filters).order_by("id").values_list("name", flat=True))


def test_a_change_and_its_row_commit_together(alice):
    change_password(alice, current=PASSWORD, new=NEW, origin=PHONE)
    row = AuditEvent.objects.get(subject_id=str(alice.pk))
    assert (row.name, row.channel, row.actor_id) == ("password.set", "app", None)


def test_a_change_that_is_undone_leaves_no_row(alice):
    def fail():
        with transaction.atomic():
            change(alice)
            raise ZeroDivisionError

    def change(person):
        with transaction.atomic():
            happen(str(person.pk), kind=PasswordSet, reason="changed")

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names() == []


def test_where_the_row_cannot_be_written_nothing_changes(alice, settings):
    happen(str(alice.pk))
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PERSON_KEYS": {"another": "A" * 43 + "="}}
    with pytest.raises(SecretUnreadable):
        change_password(alice, current=PASSWORD, new=NEW, origin=PHONE)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert names() == ["session.signed_in"]


def test_a_refusal_that_is_remembered_has_a_row_though_all_else_is_undone(alice):
    with pytest.raises(SignInRefused):
        sign_in_with_password(alice.email, password="not this one", origin=PHONE)
    assert names(subject_id=str(alice.pk)) == ["session.sign_in_rejected"]


def test_a_refusal_that_is_not_an_event_leaves_none(alice):
    with pytest.raises(CiamError):
        change_password(alice, current=PASSWORD, new="short", origin=PHONE)
    assert names() == []


def test_every_door_leaves_the_same_rows(door, alice):
    door.sign_in(alice.email, "not this one")
    door.sign_in(alice.email, PASSWORD)
    door.sign_out()
    assert names(subject_id=str(alice.pk)) == [
        "session.sign_in_rejected",
        "session.signed_in",
        "session.signed_out",
    ]


def test_the_row_holds_what_the_event_told_and_where_it_came_from():
    event = happen("alice", methods=("password", "code"))
    ((row, told),) = opened(AuditEvent.objects.all())
    assert (row.id, row.occurred_at, row.subject_id) == (event.id, event.occurred_at, "alice")
    assert told == {
        "details": {"methods": ["password", "code"], "new_device": False},
        "address": "203.0.113.7",
        "agent": PHONE.agent,
        "language": "en",
    }


def test_nothing_personal_is_in_clear(alice):
    """AU3: a canary in every place of an origin, and an address that is nobody's."""
    canaries = {"address": "203.0.113.77", "agent": "canary-agent\r\n\x1b[31m", "language": "xx"}
    canaries |= {"session": "c" * 64, "device": "d" * 64}
    origin = Origin(channel=Channel.BROWSER, **canaries)
    for address in (alice.email, "canary-address@example.org"):
        with pytest.raises(SignInRefused):
            sign_in_with_password(address, password="canary-password", origin=origin)
    register("canary-new@example.org", password=NEW, profile={}, binding="canary-binding", origin=origin)
    with connection.cursor() as cursor:
        cursor.execute('SELECT * FROM "ciam_core_auditevent"')
        written = repr(cursor.fetchall())
    assert len(AuditEvent.objects.all()) >= 3
    assert "canary" not in written and alice.email not in written and NEW not in written
    assert [text for text in canaries.values() if text in written and len(text) > 2] == []


def test_what_happened_to_nobody_is_sealed_under_a_key_that_rotates_like_a_persons():
    happen(None, kind=SignInRejected, method="password", reason="unknown")
    ((row, told),) = opened(AuditEvent.objects.all())
    assert (row.subject_id, told["address"]) == (None, "203.0.113.7")
    assert PersonKey.objects.get().subject_id == NOBODY


def test_a_row_cannot_be_read_as_another(alice):
    """What is sealed is bound to its row."""
    first, second = happen("alice"), happen("alice")
    rows = {row.id: row for row in AuditEvent.objects.all()}
    rows[first.id].sealed = rows[second.id].sealed
    assert [told for row, told in opened(rows.values()) if row.id == first.id] == [None]


def test_after_erasure_the_row_is_there_and_tells_nothing():
    happen("alice")
    destroy_person_key("alice")
    ((row, told),) = opened(AuditEvent.objects.all())
    assert (row.name, told) == ("session.signed_in", None)


@pytest.mark.parametrize("seen_before", [True, False], ids=["known to the trail", "new to the trail"])
def test_a_refused_sign_in_costs_the_same_statements_whoever_it_is_for(seen_before):
    """EN3: the work does not tell whether there is an account, nor whether anything ever happened to it."""
    somebody = PersonFactory(email="somebody@example.org")
    if seen_before:
        happen(str(somebody.pk))
        happen(None)

    def statements(address):
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            pytest.raises(SignInRefused),
        ):
            sign_in_with_password(address, password="not this one", origin=SYSTEM)
        return [re.findall(r'^\s*\w+|"ciam_\w+"', query["sql"]) for query in asked]

    known, unknown = statements(somebody.email), statements("somebody.else@example.org")
    assert known == unknown
    assert [words for words in known if '"ciam_core_auditevent"' in words]


def test_a_row_costs_two_statements(django_assert_num_queries):
    """One for the key, one for the row; and a transaction of its own where there is none."""
    happen("alice")
    with transaction.atomic(), django_assert_num_queries(4):  # a savepoint and its release
        happen("alice")
