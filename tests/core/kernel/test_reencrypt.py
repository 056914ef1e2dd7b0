import base64
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from ciam_core.kernel.models import Outbox, PersonKey
from ciam_core.kernel.outbox import couriers, deliver
from ciam_core.kernel.secrets import reencryptions, seal, seal_for, unseal_for
from ciam_core.kernel.secrets.rotation import Resealed
from tests.core.kernel.sealed_model import vault_table

OLD, NEW, OLD_PERSONS, NEW_PERSONS = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3, 4))

BEFORE = {"KEYS": {"old": OLD}, "PERSON_KEYS": {"2025": OLD_PERSONS}}
ROTATING = {"KEYS": {"new": NEW, "old": OLD}, "PERSON_KEYS": {"2026": NEW_PERSONS, "2025": OLD_PERSONS}}
AFTER = {"KEYS": {"new": NEW}, "PERSON_KEYS": {"2026": NEW_PERSONS}}


@pytest.fixture
def vaults(db, settings):
    settings.CIAM_KERNEL = BEFORE
    with vault_table() as vaults:
        yield vaults


def raw(vaults, column="iban"):
    return list(vaults.objects.order_by("pk").values_list(Cast(column, TextField()), flat=True))


def keys_of(vaults):
    return [sealed.split(":")[1] for column in ("iban", "note") for sealed in raw(vaults, column)]


@contextmanager
def before_update(number, act):
    """Call ``act`` just before the ``number``-th UPDATE, as another process would, or as a kill."""
    seen = 0

    def watch(execute, sql, params, many, context):
        nonlocal seen
        if sql.startswith("UPDATE"):
            seen += 1
            if seen == number:
                act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def kill():
    raise KeyboardInterrupt


def test_old_keys_can_be_taken_out_once_it_ran(vaults, settings, capsys):
    vaults.objects.bulk_create([vaults(iban=f"DE{number}") for number in range(5)])
    sealed = seal_for("alice", b"from Lisbon", context="audit")
    settings.CIAM_KERNEL = ROTATING
    call_command("ciam_reencrypt", batch=2)
    settings.CIAM_KERNEL = AFTER

    assert [vault.iban for vault in vaults.objects.order_by("pk")] == [f"DE{number}" for number in range(5)]
    assert unseal_for("alice", sealed, context="audit") == b"from Lisbon"
    assert PersonKey.objects.get().epoch == "2026"
    printed = capsys.readouterr().out
    assert "ciam_kernel.Vault.iban: 5 sealed anew" in printed
    assert "ciam_kernel.PersonKey: 1 sealed anew" in printed
    assert "DE1" not in printed


def test_everything_stays_readable_on_the_way(vaults, settings):
    vaults.objects.bulk_create([vaults(iban=f"DE{number}") for number in range(4)])
    settings.CIAM_KERNEL = ROTATING
    with before_update(3, kill), pytest.raises(KeyboardInterrupt):
        call_command("ciam_reencrypt")

    assert {vault.iban for vault in vaults.objects.all()} == {"DE0", "DE1", "DE2", "DE3"}


@pytest.mark.parametrize("moment", [1, 2, 3, 5, 7, 10, 11, 12])
def test_killed_and_run_again_it_finishes(vaults, settings, moment):
    vaults.objects.bulk_create([vaults(iban=f"DE{number}") for number in range(5)])
    for person in ("alice", "bob"):
        seal_for(person, b"x", context="audit")
    settings.CIAM_KERNEL = ROTATING
    with before_update(moment, kill), pytest.raises(KeyboardInterrupt):
        call_command("ciam_reencrypt", batch=2)
    call_command("ciam_reencrypt", batch=2)

    assert set(keys_of(vaults)) == {"new"}
    assert set(PersonKey.objects.values_list("epoch", flat=True)) == {"2026"}


def test_a_second_run_changes_nothing(vaults, settings):
    vaults.objects.create(iban="DE1")
    settings.CIAM_KERNEL = ROTATING
    call_command("ciam_reencrypt")
    before = raw(vaults)
    with before_update(1, kill):
        call_command("ciam_reencrypt")

    assert raw(vaults) == before


def test_a_change_made_meanwhile_is_never_overwritten(vaults, settings, capsys):
    vault = vaults.objects.create(iban="DE1")
    settings.CIAM_KERNEL = ROTATING
    with before_update(1, lambda: vaults.objects.filter(pk=vault.pk).update(iban="DE2")):
        call_command("ciam_reencrypt")

    assert vaults.objects.get().iban == "DE2"
    assert "Vault.iban: 0 sealed anew\n" in capsys.readouterr().out


def test_what_a_process_without_the_new_key_wrote_meanwhile_is_left_for_the_next_run(vaults, settings, capsys):
    vault = vaults.objects.create(iban="DE1")

    def write_with_the_old_key():
        settings.CIAM_KERNEL = BEFORE
        vaults.objects.filter(pk=vault.pk).update(iban="DE2")
        settings.CIAM_KERNEL = ROTATING

    settings.CIAM_KERNEL = ROTATING
    with before_update(1, write_with_the_old_key), pytest.raises(CommandError, match="1 values are still under"):
        call_command("ciam_reencrypt")
    call_command("ciam_reencrypt")

    assert vaults.objects.get().iban == "DE2"
    assert set(keys_of(vaults)) == {"new"}


def test_a_persons_key_destroyed_meanwhile_stays_destroyed(vaults, settings):
    seal_for("alice", b"x", context="audit")
    settings.CIAM_KERNEL = ROTATING
    with before_update(1, lambda: PersonKey.objects.all().delete()):
        call_command("ciam_reencrypt")

    assert not PersonKey.objects.exists()


def test_what_no_key_opens_is_named_and_does_not_stop_the_rest(vaults, settings, capsys):
    lost = vaults.objects.create(iban="DE-lost")
    settings.CIAM_KERNEL = {"KEYS": {"other": NEW_PERSONS}}
    vaults.objects.create(iban="DE1")
    settings.CIAM_KERNEL = {"KEYS": {"new": NEW, "other": NEW_PERSONS}}
    with pytest.raises(CommandError, match="keep that key"):
        call_command("ciam_reencrypt")

    printed = capsys.readouterr().out
    assert f"Vault.iban: 1 sealed anew, 1 left, 1 cannot be opened ({lost.pk})" in printed
    assert "DE" not in printed


def test_key_ids_that_differ_in_case_are_different_keys(vaults, settings):
    settings.CIAM_KERNEL = {"KEYS": {"KEY_A": OLD}}
    vaults.objects.create(iban="DE1")
    settings.CIAM_KERNEL = {"KEYS": {"key_a": NEW, "KEY_A": OLD}}
    call_command("ciam_reencrypt")

    assert set(keys_of(vaults)) == {"key_a"}


def test_null_is_left_alone(vaults, settings):
    vaults.objects.create(iban=None)
    settings.CIAM_KERNEL = ROTATING
    call_command("ciam_reencrypt")

    assert raw(vaults) == [None]


def test_other_apps_add_what_they_keep(vaults, settings, capsys):
    class Refresh:
        def __call__(self, batch: int) -> Resealed:
            return Resealed(f"shop.Index in {batch}s", done=3)

    reencryptions.add("shop.index", Refresh())
    try:
        call_command("ciam_reencrypt", batch=7)
    finally:
        reencryptions.remove("shop.index")

    assert "shop.Index in 7s: 3 sealed anew" in capsys.readouterr().out


def test_a_batch_is_at_least_one_row(vaults):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("ciam_reencrypt", batch=0)


@pytest.mark.django_db(transaction=True)
def test_what_waits_in_the_outbox_is_still_delivered_after_a_rotation(settings):
    delivered = []

    class Courier:
        def deliver(self, payload):
            delivered.append(payload)

    settings.CIAM_KERNEL = BEFORE
    row = Outbox.objects.create(kind="test", give_up_at=timezone.now() + timedelta(days=1))
    row.sealed = seal(b'{"text": "hello"}', context=f"ciam_kernel.Outbox:{row.pk}")
    row.save()
    couriers.add("test", Courier())
    try:
        settings.CIAM_KERNEL = ROTATING
        call_command("ciam_reencrypt")
        settings.CIAM_KERNEL = AFTER
        deliver(row.pk)
    finally:
        couriers.remove("test")

    assert delivered == [{"text": "hello"}]
