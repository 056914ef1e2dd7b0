"""Erasing is complete, ends once however often it is killed, and is repeated after a restore (F1, F28, F32)."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ciam_core.accounts.exceptions import StateChanged
from ciam_core.accounts.flows.erase import end_if_due
from ciam_core.events import AccountErased, DeletionCancelled
from ciam_core.flows import (
    add_address,
    cancel_deletion,
    carry_out_erasure,
    come_back,
    edit_profile,
    erase,
    erase_due,
    lock_down,
    recover,
    request_recovery,
    request_sign_in,
    schedule_deletion,
    sign_in_with_proof,
    suspend,
)
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.models import Outbox, PersonKey, Proof
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.outbox import deliver
from ciam_core.kernel.personal_data import holdings
from ciam_core.models import AbstractCustomer, Device, Erasure, Phone
from ciam_core.tasks import erase as erase_task
from ciam_mfa.models import (
    FactorDemand,
    HeldRequest,
    Passkey,
    PasskeyOffer,
    RecoveryCode,
    RecoveryCodeSet,
    TextedNumber,
    TotpAuthenticator,
    TrustedBrowser,
    UserHandle,
)
from example_project.shop.models import NewsletterSubscription, Order, PayoutAddress, Product, Voucher
from tests.conftest import ROOT
from tests.core.accounts.doors import App, Browser, Pages
from tests.core.accounts.mailbox import code_in, mails_to, newest_to
from tests.factories import PASSWORD, AddressFactory, PersonFactory
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

State = AbstractCustomer.State
HERS = "alice@example.org"
CANARY = "canary"
PROFILE = {"nick": {"label": "Nick"}, "note": {"label": "Note", "encrypted": True}}
GRACE = timedelta(days=30)
MINUTES = timedelta(minutes=6)
PHONE = Origin(channel=Channel.APP, address="203.0.113.9", agent=f"{CANARY} phone", language="de")


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(timezone.now())


@pytest.fixture
def full(alice, core):
    """Alice, with something in every declared table."""
    core(PROFILE=PROFILE)
    edit_profile(alice, {"nick": f"{CANARY} nick", "note": f"{CANARY} note"}, editor="customer", origin=PHONE)
    AddressFactory(user=alice, email=f"{CANARY}@example.org")
    alice.groups.create(name="makers")
    kind = ContentType.objects.create(app_label="studio", model="kiln")
    alice.user_permissions.create(codename="fire", name="May fire it", content_type=kind)
    suspend(PersonFactory(is_staff=False), reason="fraud", actor=alice, origin=SYSTEM)
    mug = Product.objects.create(slug="mug", name="Mug", maker="Ida", description="Blue", price=20, picture="mug")
    order = Order.objects.create(
        user=alice, placed_at=timezone.now(), product=mug, price=20, name=f"{CANARY} A", delivery_address=f"{CANARY} 7"
    )
    Voucher.objects.create(user=alice, order=order)
    PayoutAddress.objects.create(user=alice, holder=f"{CANARY} A", iban="DE02120300000000202051")
    NewsletterSubscription.objects.create(user=alice, rhythm="weekly")
    Pages(headers={"User-Agent": f"{CANARY} browser"}).sign_in(HERS, PASSWORD)
    Device.objects.filter(user=alice).update(name=f"{CANARY} laptop")
    Phone.objects.create(user=alice, number="+447911123456", index="0" * 64, hint=f"{CANARY} 56")
    linked = SocialAccount.objects.create(user=alice, provider="acme", uid=f"{CANARY} there")
    SocialToken.objects.create(account=linked, token=f"{CANARY} token")
    TextedNumber.objects.create(user=alice, name=f"{CANARY} phone", number=CANARY, hint=CANARY)
    TotpAuthenticator.objects.create(user=alice, name=f"{CANARY} app", secret="JBSWY3DP")
    codes = RecoveryCodeSet.objects.create(user=alice, name=f"{CANARY} codes", pepper="00" * 32)
    RecoveryCode.objects.create(set=codes, digest=f"{CANARY} digest")
    made = {"aaguid": UUID(int=0), "uv_initialized": True, "backup_eligible": False, "backup_state": False}
    Passkey.objects.create(
        user=alice, name=f"{CANARY} key", credential_id=f"{CANARY} id".encode(), public_key=b"", **made
    )
    UserHandle.objects.create(user=alice, handle=f"{CANARY} handle")
    FactorDemand.objects.create(user=alice)
    PasskeyOffer.objects.create(user=alice)
    HeldRequest.objects.create(user=alice, sealed=f"{CANARY} form", expires_at=timezone.now())
    TrustedBrowser.objects.create(user=alice, agent=f"{CANARY} browser", expires_at=timezone.now())
    request_recovery(HERS, origin=PHONE)
    type(alice).objects.filter(pk=alice.pk).update(password=f"{CANARY} hash", is_staff=True)
    alice.refresh_from_db()
    return alice


@pytest.fixture
def ended(full, time_machine):
    """Her grace period is over and her account has ended; her rows are still there."""
    schedule_deletion(full, origin=PHONE)
    time_machine.shift(GRACE)
    erase_due()
    full.refresh_from_db()
    return full


def text_of_everything():
    """Every column of every row of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(map(str, row))


def left_of(*marks):
    return sorted({table for table, text in text_of_everything() for mark in marks if mark in text.lower()})


def held_of(person):
    """The names of the holdings that have a row of theirs."""
    named = zip(holdings.names(), holdings, strict=True)
    return {name for name, holding in named if holding.rows(str(person.pk)).exists()}


def rows_naming(person):
    return set(left_of(str(person.pk), person.pk.hex))


def assert_gone(person):
    assert left_of(CANARY, HERS, "203.0.113.9") == []
    kept = {"ciam_core_user", "ciam_core_auditevent", "ciam_core_erasure", "shop_order"}
    assert rows_naming(person) <= kept
    assert not PersonKey.objects.filter(pk=str(person.pk)).exists()
    person.refresh_from_db()
    assert (person.state, person.email, person.is_staff) == (State.ERASED, None, False)


def test_every_declared_table_holds_something_of_hers_before(full):
    """Or the next tests would look for nothing."""
    held = held_of(full)
    assert len(left_of(CANARY)) > 8
    schedule_deletion(full, origin=PHONE)
    assert held | held_of(full) == set(holdings.names())


def test_nothing_is_left_but_the_bare_key(ended, time_machine, recorded):
    time_machine.shift(MINUTES)
    assert erase_due() == 1
    assert_gone(ended)
    row = Erasure.objects.get()
    assert row.finished_at is not None
    assert erase_due() == 0


def test_the_ledger_counts_each_table_and_says_why_one_is_kept(ended, time_machine):
    time_machine.shift(MINUTES)
    erase_due()
    steps = Erasure.objects.get().steps
    assert set(steps) == set(holdings.names())
    assert steps["account.EmailAddress by user_id"] == {"act": "delete", "rows": 2, "basis": ""}
    assert steps["shop.Order by user_id"] == {"act": "anonymise", "rows": 1, "basis": ""}
    assert steps["ciam_core.AuditEvent by subject_id"]["basis"]
    assert Order.objects.get().price == 20


# When


def test_the_account_ends_when_its_grace_is_over_and_not_before(full, time_machine, recorded):
    schedule_deletion(full, origin=PHONE)
    time_machine.shift(GRACE - timedelta(hours=1))
    erase_task()
    assert recorded(AccountErased) == []
    time_machine.shift(timedelta(hours=1))
    erase_task()
    erase_task()
    assert len(recorded(AccountErased)) == 1
    full.refresh_from_db()
    assert full.state == State.ERASED


def test_its_rows_go_once_requests_that_began_before_have_ended(ended, time_machine):
    erase_due()
    assert EmailAddress.objects.filter(user=ended).exists()
    time_machine.shift(MINUTES)
    erase_due()
    assert not EmailAddress.objects.filter(user=ended).exists()


def test_the_goodbye_is_sent_to_the_address_that_goes_and_nothing_of_it_stays(ended, time_machine):
    goodbye = newest_to(HERS)
    assert goodbye.subject == "Shop: Ihr Konto ist gelöscht"
    time_machine.shift(MINUTES)
    erase_due()
    assert [*Outbox.objects.exclude(sealed="")] == []


def test_a_goodbye_that_could_not_be_sent_yet_outlives_the_erasure(full, time_machine, settings):
    schedule_deletion(full, origin=PHONE)
    settings.EMAIL_BACKEND = "tests.core.accounts.mailbox.Refusing"
    time_machine.shift(GRACE)
    erase_due()
    time_machine.shift(MINUTES)
    erase_due()
    [waiting] = Outbox.objects.exclude(sealed="")
    assert waiting.subject_id is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.shift(timedelta(hours=1))
    deliver(waiting.pk)
    assert newest_to(HERS).subject == "Shop: Ihr Konto ist gelöscht"
    assert_gone(full)


def test_staff_may_erase_at_once_and_only_once(full, mallory, time_machine, recorded):
    erase(full, actor=mallory, origin=SYSTEM)
    with pytest.raises(StateChanged):
        erase(full, actor=mallory, origin=SYSTEM)
    assert [event.actor_id for event in recorded(AccountErased)] == [str(mallory.pk)]
    time_machine.shift(MINUTES)
    erase_due()
    assert_gone(full)


def test_an_account_that_has_not_ended_is_not_emptied(full):
    with pytest.raises(StateChanged):
        carry_out_erasure(str(full.pk))
    schedule_deletion(full, origin=PHONE)
    with pytest.raises(StateChanged):
        carry_out_erasure(str(full.pk))


def test_one_that_fails_does_not_stop_the_others(ended, mallory, time_machine):
    erase(mallory, origin=SYSTEM)
    time_machine.shift(MINUTES)
    with failing_for(ended):
        assert erase_due() == 1
    assert erase_due() == 1
    assert_gone(ended)


@contextmanager
def failing_for(person):
    def watch(execute, sql, params, many, context):
        if sql.startswith("DELETE") and any(str(mark) in str(params) for mark in (person.pk, person.pk.hex)):
            raise RuntimeError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


# Killed


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


def test_killed_before_any_of_its_writes_it_ends_once_with_the_right_counts(ended, time_machine):
    """F1."""
    time_machine.shift(MINUTES)
    moments = 0
    while Erasure.objects.filter(finished_at=None).exists():
        moments += 1
        with killed_before_write(moments):
            try:
                carry_out_erasure(str(ended.pk))
            except KeyboardInterrupt:
                continue
    assert moments > len(holdings)
    assert_gone(ended)
    assert Erasure.objects.get().steps["account.EmailAddress by user_id"]["rows"] == 2


@pytest.mark.parametrize("moment", [1, 6, 15])
def test_killed_by_a_signal_the_next_run_goes_on(ended, time_machine, moment):
    """F1: a process that is really killed, on the database of this test."""
    command = [sys.executable, "-m", "tests.core.accounts.erasing", str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    killed = subprocess.run([*command, str(ended.pk), str(moment)], cwd=ROOT, env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert Erasure.objects.get().finished_at is None
    time_machine.shift(MINUTES)
    assert erase_due() == 1
    assert_gone(ended)


# Late writes


LATE = {
    "profile": lambda user: edit_profile(user, {"nick": "late"}, editor="customer", origin=PHONE),
    "address": lambda user: add_address(user, "late@example.org", binding="", origin=PHONE),
    "coming back": lambda user: come_back(user, origin=PHONE),
    "leaving": lambda user: schedule_deletion(user, origin=PHONE),
    "suspension": lambda user: suspend(user, reason="fraud", actor=None, origin=PHONE),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
@pytest.mark.parametrize("removed", [False, True])
def test_whoever_still_holds_the_person_writes_nothing(full, time_machine, late, removed):
    """F32: the object was loaded while the account was there."""
    as_it_was = type(full).objects.get(pk=full.pk)
    erase(full, origin=SYSTEM)
    if removed:
        time_machine.shift(MINUTES)
        erase_due()
    with pytest.raises(CiamError):
        late(as_it_was)
    time_machine.shift(MINUTES)
    erase_due()
    assert_gone(full)


def test_links_and_codes_from_before_open_nothing_after(alice):
    """F32, invariant 2: also those that take something back."""
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    pages.change_password(PASSWORD, "three ducks on a wooden pier")
    proofs = [Proof.objects.get(purpose="wasnt_me"), request_recovery(HERS, origin=SYSTEM)]
    proofs.append(request_sign_in(HERS, binding="", origin=SYSTEM))
    erase(alice, origin=SYSTEM)
    acts = [lock_down, lambda proof, origin: recover(proof, password="a new horse every day", origin=origin)]
    for act, proof in zip([*acts, sign_in_with_proof], proofs, strict=True):
        with pytest.raises(CiamError):
            act(proof, origin=SYSTEM)


@pytest.mark.parametrize("kind", [Pages, Browser, App])
def test_no_door_opens_for_the_erased(kind, ended, time_machine):
    door = kind()
    for _ in range(2):
        door.sign_in(HERS, PASSWORD)
        door.ask_for_code(HERS)
        door.ask_for_recovery(HERS)
        assert not door.is_signed_in()
        time_machine.shift(MINUTES)
        erase_due()
    assert not rows_naming(ended) & {"ciam_kernel_proof", "ciam_kernel_outbox", "ciam_kernel_personkey"}


def test_the_address_is_free_for_somebody_new(ended, time_machine):
    time_machine.shift(MINUTES)
    erase_due()
    newcomer = Pages()
    newcomer.sign_up(HERS, "three ducks on a wooden pier")
    newcomer.verify(code_in(newest_to(HERS)))
    assert newcomer.is_signed_in()


# A restored backup


def exported_to(folder):
    ledger = folder / "erasures.jsonl"
    with ledger.open("w") as file:
        call_command("ciam_erase", "--export", stdout=file)
    return ledger


def test_who_came_back_with_a_backup_is_erased_again(ended, time_machine, tmp_path, capsys):
    """F28: the ledger was kept beside the backup; the backup does not know of it."""
    time_machine.shift(MINUTES)
    erase_due()
    ledger = exported_to(tmp_path)
    Erasure.objects.all().delete()
    type(ended).objects.filter(pk=ended.pk).update(email=HERS, password=f"{CANARY} hash", state=State.ACTIVE)
    restored = type(ended).objects.get(pk=ended.pk)
    AddressFactory(user=restored, email=HERS, primary=True)
    mail.outbox.clear()

    for _ in range(2):
        call_command("ciam_erase", "--replay", str(ledger))
        assert_gone(restored)
    assert mails_to(HERS) == []
    assert Erasure.objects.get().finished_at is not None


def test_the_export_names_nobody(ended, tmp_path):
    ledger = exported_to(tmp_path)
    assert set(json.loads(ledger.read_text())) == {"subject_id", "requested_at", "due_at", "started_at"}


def test_a_file_that_is_no_export_erases_nobody(alice, tmp_path):
    ledger = tmp_path / "erasures.jsonl"
    ledger.write_text(json.dumps({"subject_id": str(alice.pk)}) + "\n")
    with pytest.raises(CommandError):
        call_command("ciam_erase", "--replay", str(ledger))
    alice.refresh_from_db()
    assert alice.state == State.ACTIVE


def test_the_command_does_what_the_beat_does(ended, time_machine, capsys):
    time_machine.shift(MINUTES)
    call_command("ciam_erase")
    assert capsys.readouterr().out == "1 erased.\n"


# Races


@pytest.mark.postgresql
def test_of_undo_and_eraser_one_wins(alice, recorded):
    """F30, ×50: both are asked at the same instant, on five accounts in turn of ten."""
    schedule_deletion(alice, origin=SYSTEM)
    Erasure.objects.update(due_at=timezone.now())
    undo = Proof.objects.get(purpose="undo_deletion")

    def person():
        return type(alice).objects.get(pk=alice.pk)

    acts = iter(
        [
            lambda: cancel_deletion(Proof.objects.get(pk=undo.pk), origin=SYSTEM) and "kept",
            lambda: end_if_due(person(), origin=SYSTEM) or "erased",
            lambda: come_back(person(), origin=SYSTEM) or "kept",
        ]
        * 17
    )
    results = Counter(result for result in race(lambda: next(acts)()) if isinstance(result, str))
    assert sum(results.values()) == 1
    alice.refresh_from_db()
    assert alice.state == (State.ACTIVE if results["kept"] else State.ERASED)
    assert (len(recorded(DeletionCancelled)), len(recorded(AccountErased))) == (results["kept"], results["erased"])
    assert Erasure.objects.filter(started_at=None).count() == 0


@pytest.mark.postgresql
def test_many_erasers_at_once_say_goodbye_once_and_count_right(full, time_machine):
    schedule_deletion(full, origin=PHONE)
    time_machine.shift(GRACE)
    race(erase_due, times=20)
    assert [message.subject for message in mails_to(HERS)].count("Shop: Ihr Konto ist gelöscht") == 1
    time_machine.shift(MINUTES)
    race(erase_due, times=20)
    assert_gone(full)
    assert Erasure.objects.get().steps["account.EmailAddress by user_id"]["rows"] == 2


@pytest.mark.postgresql
def test_a_profile_edited_as_the_account_ends_leaves_nothing(full, time_machine):
    """F32: whichever is first."""
    acts = iter([lambda: edit_profile(full, {"nick": f"{CANARY} x"}, editor="customer", origin=PHONE)] * 40)
    people = iter([lambda: erase(type(full).objects.get(pk=full.pk), origin=SYSTEM)] * 10)
    turn = iter(range(50))
    race(lambda: next(people)() if next(turn) % 5 == 0 else next(acts)())
    time_machine.shift(MINUTES)
    erase_due()
    assert_gone(full)
