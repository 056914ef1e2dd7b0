"""The kernel stands alone, beside any user model."""

import pytest

from tests.projects.running import Project

FIRST_USE = """
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction

from ciam_core.kernel.events import Event, emit, event_committed
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import Purpose, check_code, issue_proof, spend
from ciam_core.kernel.secrets import seal, unseal
from dataclasses import dataclass

@dataclass(frozen=True, kw_only=True)
class LetterAsked(Event):
    name = "letter.asked"

@flow
def ask_for_letter(person, *, origin):
    emit(LetterAsked(subject_id=str(person.pk), origin=origin))
    return issue_proof(letter, subject_id=str(person.pk), address="alice@example.com")

heard = []
listen = lambda event, **_: heard.append(event.name)
event_committed.connect(listen, sender=LetterAsked)

letter = Purpose("letter", timedelta(minutes=10), link=True, code=True)
issued = ask_for_letter(User.objects.create_user("alice"), origin=SYSTEM)
proof = check_code(issued.proof.pk, issued.code, letter)
with transaction.atomic():
    spend(proof)
print(heard, unseal(seal(b"secret", context="letter"), context="letter"))
"""


@pytest.fixture
def project(tmp_path):
    return Project("tests.projects.kernel_only", tmp_path)


def test_its_checks_pass(project):
    assert "no issues" in project.manage("check")


def test_a_host_asks_proves_seals_and_hears_of_it(project):
    project.manage("migrate", "--verbosity", "0")
    assert project.script(FIRST_USE) == "['letter.asked'] b'secret'\n"


def test_nothing_above_the_kernel_is_imported(project):
    loaded = project.script(
        "import sys; print([name for name in sys.modules if name.startswith(('ciam_core.', 'allauth'))])"
    )
    assert [name for name in eval(loaded) if not name.startswith("ciam_core.kernel")] == []
