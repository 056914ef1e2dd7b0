from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat, Upper

from ciam_core.kernel.secrets import SealedField, SecretUnreadable
from ciam_core.kernel.secrets.fields import SealedText
from tests.core.kernel.sealed_model import vault_table


@pytest.fixture
def vaults(db):
    with vault_table() as vaults:
        yield vaults


def raw(vault, column="iban"):
    rows = type(vault).objects.filter(pk=vault.pk)
    return rows.values_list(Cast(column, TextField()), flat=True).get()


def test_it_is_text_in_python_and_sealed_in_the_database(vaults):
    vault = vaults.objects.create(iban="DE89 3704")

    assert vaults.objects.get().iban == "DE89 3704"
    assert raw(vault).startswith("v1:")
    assert "3704" not in raw(vault)


def test_none_stays_null_and_an_empty_text_is_sealed(vaults):
    vault = vaults.objects.create(iban=None, note="")

    assert raw(vault) is None
    assert raw(vault, "note").startswith("v1:")
    assert vaults.objects.get(iban__isnull=True).note == ""


def test_every_way_of_writing_seals(vaults):
    vault = vaults.objects.create(iban="a")
    vaults.objects.filter(pk=vault.pk).update(iban="updated")
    assert (raw(vault)[:3], vaults.objects.get().iban) == ("v1:", "updated")

    vault.iban = "bulk"
    vaults.objects.bulk_update([vault], ["iban"])
    assert (raw(vault)[:3], vaults.objects.get().iban) == ("v1:", "bulk")

    (made,) = vaults.objects.bulk_create([vaults(iban="made")])
    assert (raw(made)[:3], vaults.objects.get(pk=made.pk).iban) == ("v1:", "made")


@pytest.mark.parametrize(
    "expression", [Value("4929"), F("plain"), F("note"), Concat("plain", Value("x")), Upper("note")]
)
def test_an_expression_cannot_be_saved(vaults, expression):
    vault = vaults.objects.create(iban="a", plain="4929")

    with pytest.raises(TypeError, match="cannot seal an expression"):
        vaults.objects.update(iban=expression)
    with pytest.raises(TypeError, match="cannot seal an expression"):
        vaults.objects.bulk_update([vaults(pk=vault.pk, iban=expression)], ["iban"])
    with pytest.raises((TypeError, ValueError)):  # Django itself refuses a reference to a column
        vaults.objects.bulk_create([vaults(iban=expression)])


def test_null_can_be_written_in_every_way(vaults):
    vault = vaults.objects.create(iban="a")
    vaults.objects.update(iban=Value(None))
    vault.iban = None
    vaults.objects.bulk_update([vault], ["iban"])

    assert vaults.objects.filter(iban__isnull=True).exists()


def test_what_was_written_past_the_field_does_not_open(vaults):
    vaults.objects.create(iban="a")
    vaults.objects.update(iban=SealedText("4929", output_field=TextField()))

    with pytest.raises(SecretUnreadable) as caught:
        vaults.objects.get()
    assert "4929" not in str(caught.value)


def test_a_value_copied_to_another_column_does_not_open(vaults):
    vault = vaults.objects.create(iban="a")
    vaults.objects.update(note=SealedText(raw(vault), output_field=TextField()))

    with pytest.raises(SecretUnreadable, match=r"Vault\.note"):
        vaults.objects.get()


@pytest.mark.parametrize("lookup", ["iban", "iban__exact", "iban__in", "iban__contains", "iban__gt", "iban__length"])
def test_it_cannot_be_looked_up(vaults, lookup):
    with pytest.raises(FieldError, match="sealed"):
        vaults.objects.filter(**{lookup: ["DE89"]}).exists()


def test_values_lists_and_annotations_are_opened(vaults):
    vaults.objects.create(iban="DE89")

    assert list(vaults.objects.values_list("iban", flat=True)) == ["DE89"]
    assert vaults.objects.annotate(same=F("iban")).get().same == "DE89"
    assert vaults.objects.annotate(sealed=Cast("iban", TextField())).exclude(sealed="DE89").exists()


def test_it_survives_a_migration_file():
    field = SealedField(null=True, context="shop.Order.iban")
    name, path, args, kwargs = field.deconstruct()

    assert path == "ciam_core.kernel.secrets.SealedField"
    assert kwargs == {"null": True, "context": "shop.Order.iban"}
    assert SealedField(*args, **kwargs).deconstruct() == (name, path, args, kwargs)


@pytest.mark.parametrize("option", [{"unique": True}, {"db_index": True}, {"db_default": "x"}])
def test_a_constraint_on_it_is_a_check_error(vaults, option):
    field = SealedField(**option)
    field.set_attributes_from_name("iban")
    field.model = vaults

    assert [error.id for error in field.check() if str(error.id).startswith("ciam")] == ["ciam_kernel.E020"]


def test_threads_do_not_mix_their_values(vaults):
    iban, note = vaults._meta.get_field("iban"), vaults._meta.get_field("note")

    def round_trips(field, text):
        return all(field.from_db_value(field.get_db_prep_save(text, connection)) == text for _ in range(200))

    with ThreadPoolExecutor(4) as pool:
        ran = [pool.submit(round_trips, field, f"{field.name} {n}") for n in range(4) for field in (iban, note)]
        assert all(each.result() for each in ran)
