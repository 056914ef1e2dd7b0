"""Signing up and coming back with a number that is somebody else's (EN2, EN4, EN6, LK2, MF13, DO12, RC4, RC7)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts.phones.flows import add_phone, sign_in_by_sms
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.queries import person_at_number, phone_index, phones_of
from ciam_core.exceptions import SignInRefused
from ciam_core.flows import add_address as note_address
from ciam_core.flows import recover, register_by_phone, sign_in_with_password, verify_address, verify_phone
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.proofs import CodeRejected, ProofRejected
from ciam_core.messages.limits import MESSAGE_BUDGETS
from tests.core.accounts.mailbox import link_in, newest_to
from tests.core.accounts.phones.conftest import HERS, OTHER, PhonePages
from tests.core.accounts.test_enumeration import ANYTHING, asked, statements
from tests.factories import PASSWORD, PersonFactory
from tests.texts import KEPT, code_to, texts_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_number")]

NOBODY_S = "+447400123456"  # shown as HERS is: one country, one pair of last digits


def signing_up(door, number):
    yield door.sign_up_by_phone(number, ANYTHING)
    yield waiting_page(door)
    yield door.verify_number("000000")
    yield door.ask_for_text_again()
    yield door.verify_number("000001")
    yield waiting_page(door)


def signing_up_twice(door, number):
    first = type(door)()
    yield first.sign_up_by_phone(number, ANYTHING)
    yield door.sign_up_by_phone(number, ANYTHING)
    yield first.verify_number("000000")
    yield door.sign_up_by_phone(number, ANYTHING)
    yield door.verify_number("000000")


def signing_in(door, number):
    yield door.sign_in(number, ANYTHING)


def recovering(door, number):
    yield door.recover_by_phone(number)
    for turn in range(6):
        yield door.recover(f"00000{turn}", ANYTHING)
    yield door.recover_by_phone(number)


def waiting_page(door):
    if isinstance(door, PhonePages):
        return door.get(reverse("ciam_verify_number"))
    return door.call("get", "auth/session")


@pytest.fixture(params=["proven", "unproven", "suspended", "with an address"])
def taken(request, settings):
    """``HERS`` is somebody's."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": dict.fromkeys(MESSAGE_BUDGETS)}
    if request.param == "with an address":
        person = PersonFactory()
        verify_phone(add_phone(person, HERS, binding="", origin=SYSTEM), origin=SYSTEM)
        return person
    opened = register_by_phone(HERS, password=PASSWORD, binding="", origin=SYSTEM)
    if request.param != "unproven":
        verify_phone(opened.proof, origin=SYSTEM)
    if request.param == "suspended":
        opened.person.state = "suspended"
        opened.person.save()
    return opened.person


@pytest.mark.parametrize("act", [signing_up, signing_up_twice, signing_in, recovering])
def test_a_taken_number_looks_like_one_of_nobody(act, door, taken):
    """EN2, EN4, EN6: byte by byte."""
    shown = [asked(type(door), number, act) for number in (HERS, NOBODY_S)]
    assert [spoken(answer) for answer in shown[0]] == [spoken(answer) for answer in shown[1]]


def spoken(answer):
    """Without the number as it was typed, where a form shows it again."""
    *others, body = answer
    return *others, body.replace(HERS, "number").replace(NOBODY_S, "number")


@pytest.mark.parametrize(("act", "allowed"), [(signing_up, 9), (signing_in, 0), (recovering, 2)])
def test_neither_is_slower_in_statements(act, allowed, door, taken):
    """As for addresses (``test_enumeration``): a new person's waiting session reads them at each step."""
    counts = [statements(type(door), number, act) for number in (HERS, NOBODY_S)]
    assert abs(counts[0] - counts[1]) <= allowed


def test_the_first_answer_asks_as_much_for_either(door, taken):
    counts = [statements(type(door), number, first_step) for number in (HERS, NOBODY_S)]
    assert abs(counts[0] - counts[1]) <= 1


def first_step(door, number):
    yield door.sign_up_by_phone(number, ANYTHING)


def test_the_owner_gets_one_text_that_says_so_and_no_code(door, nora):
    sent = len(texts_to(HERS))
    door.sign_up_by_phone(HERS, ANYTHING)
    door.ask_for_text_again()
    (told,) = texts_to(HERS)[sent:]
    assert "has an account already" in told
    assert not re.search(r"\d{6}", told)
    assert not door.is_signed_in()


def test_who_claims_a_number_first_loses_it_to_who_proves_it(door):
    """LK2: the stranger's password opens nothing once the owner is in by a code they asked for themselves."""
    stranger = type(door)()
    stranger.sign_up_by_phone(HERS, "the password of a stranger")
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))
    assert door.is_signed_in()
    with pytest.raises(SignInRefused):
        sign_in_with_password(HERS, password="the password of a stranger", origin=SYSTEM)
    stranger.verify_number(code_to(HERS))
    assert not stranger.is_signed_in()


def test_recovery_takes_a_claimed_number_back_too(door):
    type(door)().sign_up_by_phone(HERS, "the password of a stranger")
    door.recover_by_phone(HERS)
    door.recover(code_to(HERS), PASSWORD)
    assert door.is_signed_in()
    with pytest.raises(SignInRefused):
        sign_in_with_password(HERS, password="the password of a stranger", origin=SYSTEM)


def test_a_claim_ends_when_somebody_proves_the_number_in_their_account(alice):
    claimed = register_by_phone(HERS, password=PASSWORD, binding="", origin=SYSTEM)
    verify_phone(add_phone(alice, HERS, binding="", origin=SYSTEM), origin=SYSTEM)
    assert person_at_number(HERS) == alice
    assert not phones_of(claimed.person).exists()
    with pytest.raises(ProofRejected):
        verify_phone(claimed.proof, origin=SYSTEM)


def test_whose_claim_was_ended_does_not_come_in(alice):
    waiting = PhonePages()
    waiting.sign_up_by_phone(HERS, ANYTHING)
    code = code_to(HERS)
    verify_phone(add_phone(alice, HERS, binding="", origin=SYSTEM), origin=SYSTEM)
    waiting.verify_number(code)
    assert not waiting.is_signed_in()


def test_the_code_of_one_number_proves_no_other(door):
    """RC4: neither in another sign-up, nor as a code to sign in."""
    other = type(door)()
    door.sign_up_by_phone(HERS, ANYTHING)
    other.sign_up_by_phone(OTHER, ANYTHING)
    if code_to(HERS) != code_to(OTHER):
        other.verify_number(code_to(HERS))
        assert not other.is_signed_in()
        assert not phones_of(person_at_number(OTHER)).filter(verified_at__isnull=False).exists()


def test_a_number_that_was_only_noted_recovers_nothing(nora):
    """RC9: a proof of a number beside others is none of the account."""
    proof = add_phone(nora, OTHER, binding="", origin=SYSTEM)
    with pytest.raises(ProofRejected):
        recover(proof, password=ANYTHING, origin=SYSTEM)


def test_a_number_that_is_another_s_signs_nobody_else_in(nora, alice):
    proof = add_phone(alice, HERS, binding="", origin=SYSTEM)
    with pytest.raises(ProofRejected):
        sign_in_by_sms(proof, origin=SYSTEM)


def test_a_recovery_code_dies_with_its_fifth_wrong_try(door, nora):
    """RC7, ASVS 6.6.3."""
    door.recover_by_phone(HERS)
    right = code_to(HERS)
    for _ in range(5):
        door.recover(f"{(int(right) + 1) % 1_000_000:06}", ANYTHING)
    door.recover(right, ANYTHING)
    assert not door.is_signed_in()
    assert sign_in_with_password(HERS, password=PASSWORD, origin=SYSTEM) == nora


def test_guesses_are_counted_over_all_codes_of_a_number(nora, settings):
    """NIST SP 800-63B-4 §3.2.2: new codes are no new tries."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": dict.fromkeys(MESSAGE_BUDGETS)}
    answers = []
    for _ in range(30):
        door = PhonePages()
        door.recover_by_phone(HERS)
        answers += [door.recover("000000", ANYTHING).status_code for _ in range(4)]
    assert 429 in answers


def test_a_number_beside_an_address_recovers_nothing(alice, phone):
    """The mailbox is the stronger: a number that is taken over must not get around it."""
    sent = len(KEPT)
    PhonePages().recover_by_phone(HERS)
    assert len(KEPT) == sent


def test_sign_ups_are_within_the_budgets_of_texts(door):
    """MF13, DO12: five texts an hour to one number, whoever asks."""
    answers = [type(door)().sign_up_by_phone(HERS, ANYTHING).status_code for _ in range(7)]
    assert answers[-2:] == [429, 429]
    assert len(texts_to(HERS)) == 5
    assert Phone.objects.filter(index=phone_index(HERS)).count() == 1


def test_one_network_opens_no_block_of_numbers():
    """Toll fraud buys whole blocks, and signs them up."""
    here = Origin(channel=Channel.BROWSER, address="203.0.113.1")
    for turn in range(20):
        register_by_phone(f"+4917012340{turn:02}", password=None, binding="", origin=here)
    with pytest.raises(TooManyAttempts):
        register_by_phone("+491701234099", password=None, binding="", origin=here)
    assert Phone.objects.count() == 20


def test_a_thief_who_adds_an_address_does_not_lock_the_number_out(nora, django_capture_on_commit_callbacks):
    """ "It was not me" in the thief's mailbox ends sessions; the number the account began with stays."""
    verify_address(note_address(nora, "thief@example.org", binding="", origin=SYSTEM), origin=SYSTEM)
    nora.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        add_phone(nora, OTHER, binding="", origin=SYSTEM)
    PhonePages().use_link(link_in(newest_to("thief@example.org")))
    assert [row.number for row in phones_of(nora)] == [HERS]


def test_what_waits_too_long_is_answered_alike(door, nora, time_machine):
    """The text is forgotten after ten minutes: nobody may be told apart by who can still be sent another."""
    from ciam_core.kernel.proofs import sweep_proofs

    shown = []
    for number in (HERS, NOBODY_S):
        waiting = type(door)()
        waiting.sign_up_by_phone(number, ANYTHING)
        time_machine.move_to(timezone.now() + timedelta(minutes=11))
        sweep_proofs()
        shown.append((waiting.verify_number("000000").status_code, waiting.ask_for_text_again().status_code))
    assert shown[0] == shown[1]


def test_no_code_is_right_for_a_number_of_nobody_s(by_number):
    from ciam_core.accounts.phones.purposes import recover_by_sms
    from ciam_core.flows import confirm_code, request_recovery_by_phone

    proof = request_recovery_by_phone(NOBODY_S, origin=SYSTEM)
    assert Proof.objects.get(pk=proof.pk).subject_id is None
    with pytest.raises(CodeRejected):
        confirm_code(proof.pk, "000000", recover_by_sms(), origin=SYSTEM)
