"""Adding, proving and removing a number; signing in with a text (MF13, DO12, EN6, RC4, RC7, N9, N10, 6.5.5)."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, connection
from django.urls import reverse

from ciam_core.accounts.flows.sign_in import sign_in_with_password
from ciam_core.accounts.phones.flows import add_phone, make_primary_phone, remove_phone, sign_in_by_sms
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.phones.queries import owner_of_phone, phone_index, phones_of
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.events import PhoneAdded, PhoneRemoved, PhoneVerified, SignedIn
from ciam_core.exceptions import PhoneKept, PhoneTaken, PhoneUnproven, PhoneYours, SignInRefused, TooManyPhones
from ciam_core.flows import deactivate
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.models import Attempt, Outbox, Proof
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import ProofRejected
from tests.core.accounts.doors import Browser
from tests.core.accounts.mailbox import code_in, link_in, newest_to
from tests.core.accounts.phones.conftest import HERS, OTHER, PhonePages
from tests.factories import PASSWORD
from tests.texts import KEPT, code_to, texts_to

pytestmark = pytest.mark.django_db


def test_a_number_is_added_proven_and_then_signs_in(door, alice, recorded):
    door.sign_in(alice.email, PASSWORD)
    door.add_phone("+44 7911 123456")
    door.confirm_phone(code_to(HERS))
    assert owner_of_phone(HERS) == alice
    door.sign_out()
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))
    assert door.is_signed_in()
    assert [event.methods for event in recorded(SignedIn)][-1] == ("sms",)
    assert len(recorded(PhoneAdded)) == len(recorded(PhoneVerified)) == 1


def test_the_owner_is_told_by_mail_with_a_way_to_lock_the_account(door, alice):
    door.sign_in(alice.email, PASSWORD)
    door.add_phone(HERS)
    told = newest_to(alice.email)
    assert "phone number was added" in told.subject
    assert HERS[3:] not in told.body
    assert link_in(told)


def test_a_texted_code_is_good_for_ten_minutes(door, phone, time_machine):
    """N9, N10, ASVS 6.5.5."""
    time_machine.move_to("2026-01-01T12:00:00Z", tick=False)
    door.ask_for_text(HERS)
    time_machine.move_to("2026-01-01T12:10:00Z", tick=False)
    door.enter_code(code_to(HERS))
    assert not door.is_signed_in()


def test_a_code_dies_with_its_fifth_wrong_try(door, phone):
    """ASVS 6.6.3."""
    door.ask_for_text(HERS)
    right = code_to(HERS)
    for _ in range(5):
        door.enter_code(f"{(int(right) + 1) % 1_000_000:06}")
    door.enter_code(right)
    assert not door.is_signed_in()


def test_a_code_works_only_where_it_was_asked_for(door, phone):
    """RC4, ASVS 6.6.2."""
    other = type(door)()
    door.ask_for_text(HERS)
    stolen = code_to(HERS)
    other.ask_for_text(OTHER)
    other.enter_code(stolen)
    assert not other.is_signed_in()


def test_another_text_ends_the_code_before_it(door, phone):
    door.ask_for_text(HERS)
    first = code_to(HERS)
    door.ask_for_code_again()
    assert len(texts_to(HERS)) == 3  # one proved the number
    if first != code_to(HERS):
        door.enter_code(first)
        assert not door.is_signed_in()
    door.enter_code(code_to(HERS))
    assert door.is_signed_in()


def answer_to(door, number, clean):
    asked = door.ask_for_text(number)
    confirmed = door.enter_code("000000")
    again = door.ask_for_code_again()
    return [(part.status_code, clean(part.content.decode())) for part in (asked, confirmed, again)]


def test_an_unknown_number_is_answered_as_a_known_one(door, phone, suspended):
    """EN6: page, status and JSON are the same but for tokens and the digits shown."""

    def clean(text):
        return re.sub(
            r'name="csrfmiddlewaretoken" value="[^"]+"|"session_token": "[^"]+"|\+\d\d\s•••••\s\d\d', "", text
        )

    Phone.objects.create(
        user=suspended,
        number=OTHER,
        index=phone_index(OTHER),
        hint="+49\u00a0•••••\u00a067",
        verified_at="2026-01-01T00:00Z",
    )
    known, unknown, closed = (answer_to(type(door)(), number, clean) for number in (HERS, "+447400123456", OTHER))
    assert known == unknown == closed


def test_a_number_of_nobody_costs_the_same_work_and_no_text(door, phone):
    """EN6, DO12, MF13."""
    sent = len(KEPT)
    door.ask_for_text("+447400123456")
    assert len(KEPT) == sent
    decoy = Outbox.objects.latest("created_at")
    assert (decoy.kind, decoy.sealed, decoy.sent_at is None) == ("decoy", "", False)


def test_a_text_asked_for_elsewhere_ends_the_first_alike_for_everybody(door, phone):
    """EN6: an older code is refused in the same words, whether or not the number is known."""
    answers = []
    for number in (HERS, "+447400123456"):
        first, second = type(door)(), type(door)()
        first.ask_for_text(number)
        second.ask_for_text(number)
        refused = first.enter_code("000000")
        answers.append((refused.status_code, b"does not work any more" in refused.content))
    assert answers == [(400, True), (400, True)]


def test_an_account_that_is_closed_gets_no_text(door, alice, phone):
    alice.state = "suspended"
    alice.save()
    sent = len(KEPT)
    door.ask_for_text(HERS)
    assert len(KEPT) == sent


def test_somebody_on_a_break_comes_back_by_text_as_by_mail(door, alice, phone):
    """Invariant 8."""
    deactivate(alice, origin=SYSTEM)
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))
    assert not door.is_signed_in()
    if isinstance(door, Browser):
        door.call("post", "auth/come-back")
    else:
        door.go("ciam_come_back")
    assert door.is_signed_in()


def test_coming_in_by_text_opens_the_password_again(alice, phone):
    """As coming in by mail does: wrong passwords of before no longer count."""
    for _ in range(3):
        with pytest.raises(SignInRefused):
            sign_in_with_password(alice.email, password="wrong", origin=SYSTEM)
    pages = PhonePages()
    pages.ask_for_text(HERS)
    pages.enter_code(code_to(HERS))
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in_with_password(alice.email, password="wrong", origin=SYSTEM)


def test_spelled_variants_share_one_key(alice, phone):
    """DO2."""
    variants = [
        "+44 7911 123456",
        "+44 (7911) 123-456",
        "＋４４７９１１１２３４５６",
        "+٤٤٧٩١١١٢٣٤٥٦",
        " +44\u00a07911\u200b123456",
    ]
    assert {phone_index(normalise_number(typed)) for typed in variants} == {phone.index}


def test_a_number_in_another_account_is_added_alike_and_refused_once_proven(alice, mallory, phone):
    """EN5 for numbers: nothing is looked up before the code is right."""
    proof = add_phone(mallory, HERS, binding="", origin=SYSTEM)
    with pytest.raises(PhoneTaken):
        verify_phone(proof, origin=SYSTEM)
    assert owner_of_phone(HERS) == alice


def test_the_database_keeps_a_proven_number_unique(phone, mallory):
    with pytest.raises(IntegrityError):
        Phone.objects.create(user=mallory, number=HERS, index=phone.index, verified_at=phone.verified_at)


def test_an_account_holds_few_numbers_each_once(alice, phone):
    with pytest.raises(PhoneYours):
        add_phone(alice, HERS, binding="", origin=SYSTEM)
    add_phone(alice, OTHER, binding="", origin=SYSTEM)
    with pytest.raises(TooManyPhones):
        add_phone(alice, "+447400123456", binding="", origin=SYSTEM)


def test_removing_a_number_ends_what_waits_for_it_and_hands_primary_on(alice, phone, recorded):
    verify_phone(add_phone(alice, OTHER, binding="", origin=SYSTEM), origin=SYSTEM)
    pages = PhonePages()
    pages.ask_for_text(HERS)
    remove_phone(alice, phone.pk, origin=SYSTEM)
    assert [row.primary for row in phones_of(alice)] == [True]
    assert not Proof.objects.filter(purpose="sign_in_by_sms", used_at=None).exists()
    assert len(recorded(PhoneRemoved)) == 1


def test_the_only_way_in_is_kept(alice, phone):
    alice.emailaddress_set.all().delete()
    with pytest.raises(PhoneKept):
        remove_phone(alice, phone.pk, origin=SYSTEM)


def test_only_a_proven_number_becomes_primary_and_only_ones_own(alice, mallory, phone):
    add_phone(alice, OTHER, binding="", origin=SYSTEM)
    unproven = phones_of(alice).get(verified_at=None)
    with pytest.raises(PhoneUnproven):
        make_primary_phone(alice, unproven.pk, origin=SYSTEM)
    for act in (make_primary_phone, remove_phone):
        with pytest.raises(NotFoundError):
            act(mallory, phone.pk, origin=SYSTEM)


def test_locking_the_account_takes_a_thief_s_number_out(alice, phone, time_machine):
    time_machine.move_to(phone.added_at + timedelta(hours=73))
    thief = PhonePages()
    thief.sign_in(alice.email, PASSWORD)
    thief.add_phone(OTHER)
    thief.confirm_phone(code_to(OTHER))
    PhonePages().use_link(link_in(newest_to(alice.email)))
    assert [row.number for row in phones_of(alice)] == [HERS]


def test_a_number_whose_account_is_suspended_does_not_sign_in(phone, alice):
    pages = PhonePages()
    pages.ask_for_text(HERS)
    code = code_to(HERS)
    alice.state = "suspended"
    alice.save()
    pages.enter_code(code)
    assert not pages.is_signed_in()


def test_a_proof_of_a_number_opens_no_other_door(alice, phone):
    """RC9: a code that proves a number signs nobody in, and the reverse."""
    proof = add_phone(alice, OTHER, binding="", origin=SYSTEM)
    with pytest.raises(ProofRejected):
        sign_in_by_sms(proof, origin=SYSTEM)


@pytest.mark.parametrize(("mode", "signs_in", "held"), [("off", 404, 404), ("add", 404, 200), ("sign_in", 200, 200)])
def test_what_is_off_is_not_there(mode, signs_in, held, alice, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": mode}
    pages = PhonePages()
    assert pages.get(reverse("ciam_request_sms_code")).status_code == signs_in
    assert (b"Text me" in pages.get(reverse("ciam_sign_in")).content) == (mode == "sign_in")
    pages.sign_in(alice.email, PASSWORD)
    assert pages.get(reverse("ciam_phones")).status_code == held
    assert pages.get("/api/ciam/v1/phones/").status_code == held
    assert (b"Phone" in pages.get(reverse("ciam_security")).content) == (mode != "off")


def test_a_number_is_nowhere_in_clear(door, alice, recorded, caplog):
    """The canary: not in the database, logs, events, mails, URLs or a repr."""
    caplog.set_level(logging.DEBUG)
    seen = []
    door.sign_in(alice.email, PASSWORD)
    seen.append(door.add_phone(HERS))
    door.confirm_phone(code_to(HERS))
    door.sign_out()
    seen.append(door.ask_for_text(HERS))
    door.enter_code(code_to(HERS))
    digits = HERS[3:]
    assert digits not in caplog.text
    assert digits not in "".join(message.subject + message.body for message in mail.outbox)
    assert digits not in "".join(answer.headers.get("Location", "") for answer in seen)
    assert digits not in repr([*phones_of(alice), *KEPT, *Proof.objects.all(), *recorded(PhoneAdded)])
    for model in (own for own in apps.get_models() if own._meta.managed):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            assert digits not in json.dumps(cursor.fetchall(), default=str), model._meta.label


def test_rest_lists_adds_confirms_and_removes(alice, mallory, phone):
    pages = PhonePages()
    assert pages.get("/api/ciam/v1/phones/").status_code == 401
    pages.sign_in(alice.email, PASSWORD)
    listed = pages.get("/api/ciam/v1/phones/").json()
    assert listed == [{"id": phone.pk, "hint": "+44\u00a0•••••\u00a056", "verified": True, "primary": True}]
    asked = pages.post("/api/ciam/v1/phones/", {"phone": OTHER}, content_type="application/json")
    assert (asked.status_code, asked.json()["sent_to"]) == (202, "+49\u00a0•••••\u00a067")
    done = pages.post("/api/ciam/v1/phones/confirm/", {"code": code_to(OTHER)}, content_type="application/json")
    other = done.json()[1]["id"]
    assert pages.put(f"/api/ciam/v1/phones/{other}/primary/").json()[0]["id"] == other
    assert pages.delete(f"/api/ciam/v1/phones/{other}/").status_code == 204
    stranger = PhonePages()
    stranger.sign_in(mallory.email, PASSWORD)
    assert stranger.delete(f"/api/ciam/v1/phones/{phone.pk}/").status_code == 404
    assert stranger.post(f"/api/ciam/v1/phones/{phone.pk}/verification/").status_code == 404


def test_over_the_budget_everybody_is_refused_alike(door, phone):
    """MF13, TH10: counted whether or not there is an account."""
    known = [door.ask_for_text(HERS).status_code for _ in range(7)]
    unknown = [type(door)().ask_for_text("+447400123456").status_code for _ in range(7)]
    assert known[-1] == unknown[-1] == 429
    assert Attempt.objects.exists()


def test_recovery_tells_of_a_number_that_was_added_lately(alice, phone, pages, time_machine):
    """It may be a thief's, and signs in."""
    for days, told in ((1, True), (4, False)):
        time_machine.move_to(phone.verified_at + timedelta(days=days))
        pages.ask_for_recovery(alice.email)
        pages.recover(code_in(newest_to(alice.email)), "three ducks on a wooden pier")
        assert (f"come back with: {phone.hint}." in newest_to(alice.email).body) is told
