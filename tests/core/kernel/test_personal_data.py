from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, transaction
from django.utils import timezone

from ciam_core.kernel.models import Outbox, PersonKey, Proof
from ciam_core.kernel.personal_data import (
    USER_ORDER,
    Erase,
    ErasedStep,
    declare,
    erase_personal_data,
    export_personal_data,
    holdings,
)
from ciam_core.kernel.secrets import SecretUnreadable, seal_for, unseal_for

LATER = timezone.now() + timedelta(days=1)


@pytest.fixture
def only_these_holdings():
    """Declarations of a test's own, instead of those of the project."""
    before = dict(zip(holdings.names(), holdings, strict=True))
    for name in before:
        holdings.remove(name)
    yield
    for name in holdings.names():
        holdings.remove(name)
    for name, holding in before.items():
        holdings.add(name, holding)


@pytest.fixture
def kernel_tables(only_these_holdings, db):
    """Three tables of which one is deleted, one anonymised and one kept; alice and bob are in each."""
    declare(
        "auth.Group", subject="name", on_erase=Erase.KEEP, fields=["name"], basis="Tax law, 10 years", order=USER_ORDER
    )
    declare(
        "ciam_kernel.Outbox",
        subject="subject_id",
        on_erase=Erase.ANONYMISE,
        fields=["kind"],
        replacements={"kind": "erased"},
    )
    declare("ciam_kernel.Proof", subject="subject_id", on_erase=Erase.DELETE, fields=["address"], order=-1)
    for person in ("alice", "bob"):
        address = f"{person}@shop.example"
        Proof.objects.create(purpose="x", subject_id=person, address=address, code_digest="x", expires_at=LATER)
        Outbox.objects.create(kind="email", subject_id=person, give_up_at=LATER)
        Group.objects.create(name=person)


def left_of(person):
    return (
        Proof.objects.filter(subject_id=person).count(),
        Outbox.objects.filter(subject_id=person, kind="email").count(),
        PersonKey.objects.filter(subject_id=person).count(),
    )


@contextmanager
def killed_before_write(number):
    seen = 0

    def watch(execute, sql, params, many, context):
        nonlocal seen
        if sql.startswith(("UPDATE", "DELETE")):
            seen += 1
            if seen == number:
                raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def test_each_table_is_treated_as_declared_and_in_order(kernel_tables):
    steps = erase_personal_data("alice")

    assert steps == [
        ErasedStep("ciam_kernel.Proof", Erase.DELETE, 1),
        ErasedStep("ciam_kernel.Outbox", Erase.ANONYMISE, 1),
        ErasedStep("auth.Group", Erase.KEEP, 1, "Tax law, 10 years"),
    ]
    assert left_of("alice") == (0, 0, 0)
    assert Outbox.objects.get(subject_id="alice").kind == "erased"
    assert Group.objects.filter(name="alice").exists()


def test_nobody_else_is_touched(kernel_tables):
    sealed = seal_for("bob", b"x", context="audit")
    erase_personal_data("alice")

    assert left_of("bob") == (1, 1, 1)
    assert unseal_for("bob", sealed, context="audit") == b"x"


def test_what_was_sealed_for_the_person_is_unreadable_afterwards(kernel_tables):
    sealed = seal_for("alice", b"from Lisbon", context="audit")
    erase_personal_data("alice")

    with pytest.raises(SecretUnreadable):
        unseal_for("alice", sealed, context="audit")


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_killed_half_way_and_run_again_it_completes(kernel_tables, moment):
    seal_for("alice", b"x", context="audit")
    with killed_before_write(moment), pytest.raises(KeyboardInterrupt):
        erase_personal_data("alice")
    assert PersonKey.objects.filter(subject_id="alice").exists()  # the last step is still to come
    erase_personal_data("alice")

    assert left_of("alice") == (0, 0, 0)


def test_erasing_again_after_a_restored_backup_erases_again(kernel_tables):
    erase_personal_data("alice")
    Proof.objects.create(purpose="x", subject_id="alice", code_digest="x", expires_at=LATER)
    seal_for("alice", b"x", context="audit")
    erase_personal_data("alice")

    assert left_of("alice") == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nothing_is_erased(kernel_tables):
    with pytest.raises(RuntimeError), transaction.atomic():
        erase_personal_data("alice")

    assert left_of("alice") == (1, 1, 0)


def test_an_export_holds_the_declared_fields_of_one_person(kernel_tables):
    assert export_personal_data("alice") == {
        "auth.Group": [{"name": "alice"}],
        "ciam_kernel.Outbox": [{"kind": "email"}],
        "ciam_kernel.Proof": [{"address": "alice@shop.example"}],
    }
    assert export_personal_data("nobody") == {}


def test_an_app_may_export_in_its_own_words(only_these_holdings, db):
    declare(
        "ciam_kernel.PersonKey",
        subject="subject_id",
        on_erase=Erase.DELETE,
        fields=[],
        export=lambda subject_id: [{"phone": f"+49 of {subject_id}"}],
    )

    assert export_personal_data("alice") == {"ciam_kernel.PersonKey": [{"phone": "+49 of alice"}]}


def test_the_kernels_own_tables_are_declared():
    declared = {holding.label: holding.on_erase for holding in holdings}

    assert declared["ciam_kernel.Proof"] is Erase.DELETE
    assert declared["ciam_kernel.Outbox"] is Erase.DELETE


UNSOUND: dict[str, dict[str, Any]] = {
    "legal basis": {"on_erase": Erase.KEEP, "fields": ["name"]},
    "nothing replaces name": {"on_erase": Erase.ANONYMISE, "fields": ["name"]},
    "nothing replaces anything": {"on_erase": Erase.ANONYMISE, "fields": []},
    "replacements are for": {"on_erase": Erase.DELETE, "fields": [], "replacements": {"name": ""}},
}


@pytest.mark.parametrize("reason", UNSOUND)
def test_a_contradiction_is_refused_when_it_is_declared(only_these_holdings, reason):
    with pytest.raises(ValueError, match=reason):
        declare("auth.Group", subject="name", **UNSOUND[reason])

    assert len(holdings) == 0


def test_a_misspelt_name_is_refused_when_it_is_declared(only_these_holdings):
    with pytest.raises(FieldDoesNotExist):
        declare("auth.Group", subject="name", on_erase=Erase.DELETE, fields=["nmae"])
    with pytest.raises(LookupError):
        declare("auth.Gruop", subject="name", on_erase=Erase.DELETE, fields=[])


def test_a_table_is_declared_once_for_each_way_it_points_at_a_person(only_these_holdings):
    declare("auth.Group", subject="name", on_erase=Erase.DELETE, fields=[])

    with pytest.raises(ValueError, match="registered already"):
        declare("auth.Group", subject="name", on_erase=Erase.DELETE, fields=["name"])
