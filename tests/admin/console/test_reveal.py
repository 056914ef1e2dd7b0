"""Personal values are shown to who says why, once, and the trail keeps that they were (14.2.6)."""

import pytest

from ciam_admin.events import PersonalDataRevealed
from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.personal_data import erase_personal_data
from ciam_core.models import AuditEvent
from tests.admin.console.conftest import page, trail
from tests.core.audit.trail import happen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _profile(settings):
    declared = {
        "full_name": {"label": "Full name", "encrypted": True},
        "note": {"label": "Note", "read": ("customer",)},
    }
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PROFILE": declared}


def test_with_a_reason_the_values_are_shown_once_and_kept_nowhere(as_, helen, alice, recorded):
    edit_profile(alice, {"full_name": "Alice Moreau", "note": "mine"}, editor="customer", origin=SYSTEM)
    happen(str(alice.pk))
    client = as_(helen)
    answer = client.post(page("reveal", alice.pk), {"reason": "fraud", "ticket": "SUP-12"})
    text = answer.content.decode()
    assert all(own in text for own in ("alice@example.org", "Alice Moreau", "203.0.113.7", "iPhone"))
    assert "mine" not in text
    assert "no-store" in answer["Cache-Control"]
    assert "alice@example.org" not in client.get(page("change", alice.pk)).content.decode()

    (event,) = recorded(PersonalDataRevealed)
    told = event.subject_id, event.actor_id, event.reason, event.ticket, str(event.origin.channel)
    assert told == (str(alice.pk), str(helen.pk), "fraud", "SUP-12", "admin")


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"reason": "curiosity"},
        {"reason": "fraud", "ticket": "alice@example.org"},
        {"reason": "fraud", "ticket": "she asked"},
        {"reason": "fraud", "ticket": "+49 170 1234567"},
    ],
)
def test_without_a_reason_or_with_words_nothing_is_shown(as_, helen, alice, recorded, typed):
    answer = as_(helen).post(page("reveal", alice.pk), typed)
    assert "errorlist" in answer.content.decode()
    assert "a•••••@" not in answer.content.decode() and ">alice@example.org" not in answer.content.decode()
    assert recorded(PersonalDataRevealed) == []


def test_to_look_at_the_question_reveals_nothing(as_, helen, alice, recorded):
    answer = as_(helen).get(page("reveal", alice.pk), {"reason": "fraud"})
    assert "alice@example.org" not in answer.content.decode()
    assert recorded(PersonalDataRevealed) == []


def test_a_row_of_the_trail_is_opened_the_same_way(as_, helen, alice, recorded):
    row = happen(str(alice.pk))
    client = as_(helen)
    assert "203.0.113.7" not in client.get(trail("change", row.id)).content.decode()
    assert "203.0.113.7" not in client.get(trail("reveal", row.id)).content.decode()
    answer = client.post(trail("reveal", row.id), {"reason": "security"})
    assert "203.0.113.7" in answer.content.decode() and "no-store" in answer["Cache-Control"]
    (event,) = recorded(PersonalDataRevealed)
    assert (event.subject_id, event.event, event.reason) == (str(alice.pk), str(row.id), "security")


def test_a_row_about_a_superuser_is_not_opened_to_less(as_, helen, root):
    row = happen(str(root.pk))
    assert as_(helen).post(trail("reveal", row.id), {"reason": "security"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_there_is_nothing_to_open(as_, helen, alice):
    row = happen(str(alice.pk))
    erase_personal_data(str(alice.pk))
    answer = as_(helen).post(trail("reveal", row.id), {"reason": "legal"})
    assert "nobody can read this" in answer.content.decode()
    assert AuditEvent.objects.filter(name="staff.personal_data_revealed").count() == 1


def test_a_host_has_reasons_of_its_own(as_, helen, alice, settings, recorded):
    settings.CIAM_ADMIN = {"REVEAL_REASONS": ("warranty",)}
    as_(helen).post(page("reveal", alice.pk), {"reason": "fraud"})
    as_(helen).post(page("reveal", alice.pk), {"reason": "warranty"})
    assert [event.reason for event in recorded(PersonalDataRevealed)] == ["warranty"]
