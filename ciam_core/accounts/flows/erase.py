"""Erasing: claimed once, by the state of the account; then carried out by as many runs as it takes."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from ciam_core.accounts.exceptions import StateChanged
from ciam_core.accounts.flows.states import State, move
from ciam_core.accounts.mail import link_to
from ciam_core.accounts.models import AbstractCustomer, Erasure
from ciam_core.accounts.queries import person
from ciam_core.events import AccountErased
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.kernel.personal_data import Erase, ErasedStep, erase_personal_data
from ciam_core.kernel.proofs import void_proofs
from ciam_core.kernel.revocation import end_all_access
from ciam_core.kernel.typing import User
from ciam_core.messages.flows import send_message

logger = logging.getLogger("ciam.erasure")

SETTLING = timedelta(minutes=5)
"""From the end of an account to the removal of its rows: requests that began before have written what they write."""

_BATCH = 1000


@flow
def erase(user: AbstractCustomer, *, origin: Origin, actor: User | None = None) -> None:
    """End an account for good and at once, whatever its state. What is held about it is removed some minutes later.

    Nothing undoes this. Raises ``StateChanged`` if it was erased before.
    """
    move(user, *(state for state in State if state is not State.ERASED), to=State.ERASED)
    now = timezone.now()
    asked = {"requested_at": now, "due_at": now}
    Erasure.objects.get_or_create(pk=str(user.pk), defaults=asked)
    _end(user, since=now, origin=origin, actor=actor)


@flow
def end_if_due(user: AbstractCustomer, *, origin: Origin) -> None:
    """The grace period is over. Raises ``StateChanged`` where it is not, or where the person undid it just now."""
    move(user, State.DELETION_SCHEDULED, to=State.ERASED)
    now = timezone.now()
    if not Erasure.objects.filter(pk=str(user.pk), due_at__lte=now).exists():
        raise StateChanged()
    _end(user, since=now, origin=origin, actor=None)


def _end(user: AbstractCustomer, *, since: datetime, origin: Origin, actor: User | None) -> None:
    erasure = Erasure.objects.get(pk=str(user.pk))
    end_all_access(user, reason="erased")
    void_proofs(str(user.pk))  # those too that take something back
    emit(AccountErased(subject_id=str(user.pk), actor_id=str(actor.pk) if actor else None, origin=origin))
    if user.email:
        _say_goodbye(user.email, language=erasure.language)
    erasure.started_at, erasure.language = since, ""
    erasure.save(update_fields=["started_at", "language"])


def _say_goodbye(address: str, *, language: str) -> None:
    """Nobody's row: it outlives the person's, sealed, until it is sent or given up, and then holds nothing."""
    links = {"sign_up_link": link_to("ciam_sign_up")}
    send_message("erased", to=address, subject_id=None, origin=replace(SYSTEM, language=language), context=links)


def erase_due() -> int:
    """End the accounts whose grace period is over, and remove what is held about those ended a while ago.

    Returns how many were finished. For the beat and ``manage.py ciam_erase``; one that fails does not stop the rest.
    """
    now = timezone.now()
    open_ = Erasure.objects.filter(finished_at=None).order_by("due_at")
    _each(open_.filter(started_at=None, due_at__lte=now).values_list("pk", flat=True)[:_BATCH], _end_one)
    return _each(open_.filter(started_at__lte=now - SETTLING).values_list("pk", flat=True)[:_BATCH], carry_out_erasure)


def _each(subjects: Iterable[str], act: Callable[[str], None]) -> int:
    done = 0
    for subject_id in list(subjects):
        try:
            act(subject_id)
            done += 1
        except StateChanged:
            logger.info("Erasure of %s is not due any more.", subject_id)
        except Exception as error:
            logger.error("Erasure of %s failed and is tried again: %s", subject_id, type(error).__name__)
    return done


def _end_one(subject_id: str) -> None:
    user = person(subject_id)
    if user is None:  # the host removed the row: what others hold goes all the same
        Erasure.objects.filter(pk=subject_id).update(started_at=timezone.now(), language="")
    else:
        end_if_due(user, origin=SYSTEM)


def carry_out_erasure(subject_id: str) -> None:
    """Remove what is held about an ended account, the person's key last, and note that it is done.

    Killed at any point, the next run goes on; done already, it finds nothing. Raises ``StateChanged`` for an account
    that has not ended. Inside a transaction it is a ``RuntimeError``.
    """
    if not Erasure.objects.filter(pk=subject_id, started_at__isnull=False).exists():
        raise StateChanged()
    erase_personal_data(subject_id, note=partial(_note, subject_id))
    Erasure.objects.filter(pk=subject_id, finished_at=None).update(finished_at=timezone.now())


def _note(subject_id: str, name: str, step: ErasedStep) -> None:
    """A run after a kill deletes what is left, and anonymises or keeps the same rows once more."""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update().get(pk=subject_id)
        before = erasure.steps.get(name, {}).get("rows", 0)
        rows = before + step.rows if step.act is Erase.DELETE else max(before, step.rows)
        erasure.steps[name] = {"act": step.act, "rows": rows, "basis": step.basis}
        erasure.save(update_fields=["steps"])


def replay_erasure(subject_id: str, *, requested_at: datetime, due_at: datetime, started_at: datetime) -> None:
    """Erase somebody again who came back with a restored backup. No mail: they were told.

    Without settling: run it before the restored site takes requests.
    """
    _end_again(subject_id, requested_at=requested_at, due_at=due_at, started_at=started_at)
    carry_out_erasure(subject_id)


@flow
def _end_again(subject_id: str, **times: datetime) -> None:
    people = get_user_model()._default_manager.filter(pk=subject_id).exclude(state=State.ERASED)
    revived = person(subject_id) if people.update(state=State.ERASED) else None
    Erasure.objects.update_or_create(pk=subject_id, defaults={**times, "language": "", "finished_at": None})
    if revived is not None:
        end_all_access(revived, reason="erased")
        void_proofs(subject_id)
        emit(AccountErased(subject_id=subject_id, origin=SYSTEM))
