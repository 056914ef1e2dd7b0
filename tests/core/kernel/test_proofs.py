from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import (
    CodeRejected,
    ProofElsewhere,
    ProofRejected,
    Purpose,
    check_code,
    find_by_id,
    find_by_token,
    issue_proof,
    spend,
    sweep_proofs,
    void_proofs,
)

pytestmark = pytest.mark.django_db

SIGN_IN = Purpose("sign_in", timedelta(minutes=10), link=True, code=True)
RECOVER = Purpose("recover", timedelta(hours=1), link=True, code=True, tries=3)
UNDO = Purpose("undo", timedelta(hours=72), link=True, code=False)


def issue(purpose=SIGN_IN, *, subject_id="alice", address="alice@example.com", **more):
    with transaction.atomic():
        return issue_proof(purpose, subject_id=subject_id, address=address, **more)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def use(proof):
    with transaction.atomic():
        spend(proof)


def after(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def test_a_link_finds_its_proof():
    issued = issue(data={"address_id": "7"})

    found = find_by_token(issued.token, SIGN_IN)

    assert (found.subject_id, found.address, found.data) == ("alice", "alice@example.com", {"address_id": "7"})


def test_looking_at_a_link_does_not_spend_it():
    issued = issue()
    find_by_token(issued.token, SIGN_IN)

    use(find_by_token(issued.token, SIGN_IN))


def test_a_session_that_opened_a_link_finds_its_proof_again():
    issued = issue(binding="b" * 64)

    assert find_by_id(str(issued.proof.pk), UNDO, SIGN_IN, binding="b" * 64) == issued.proof
    with pytest.raises(ProofRejected):
        find_by_id(issued.proof.pk, RECOVER, binding="b" * 64)
    with pytest.raises(ProofElsewhere):
        find_by_id(issued.proof.pk, SIGN_IN)
    with pytest.raises(ProofRejected):
        find_by_id("", SIGN_IN)


def test_a_code_finds_its_proof():
    issued = issue()

    assert check_code(issued.proof.pk, issued.code, SIGN_IN) == issued.proof


def test_the_id_of_a_proof_may_come_as_text():
    issued = issue()

    assert check_code(str(issued.proof.pk), issued.code, SIGN_IN) == issued.proof


def test_a_proof_is_spent_once():
    proof = issue().proof
    use(proof)

    with pytest.raises(ProofRejected):
        use(proof)


def test_a_spent_proof_is_not_found():
    issued = issue()
    use(issued.proof)

    with pytest.raises(ProofRejected):
        find_by_token(issued.token, SIGN_IN)
    with pytest.raises(ProofRejected):
        check_code(issued.proof.pk, issued.code, SIGN_IN)


def test_an_expired_proof_is_good_for_nothing():
    issued = issue()

    with after(minutes=10):
        with pytest.raises(ProofRejected):
            find_by_token(issued.token, SIGN_IN)
        with pytest.raises(ProofRejected):
            check_code(issued.proof.pk, issued.code, SIGN_IN)
        with pytest.raises(ProofRejected):
            use(issued.proof)


def test_a_proof_serves_only_its_purpose():
    issued = issue(SIGN_IN)

    with pytest.raises(ProofRejected):
        find_by_token(issued.token, RECOVER, UNDO)
    with pytest.raises(ProofRejected):
        check_code(issued.proof.pk, issued.code, RECOVER)


def test_a_newer_request_ends_the_older_ones():
    older, newer = issue(), issue()

    with pytest.raises(ProofRejected):
        find_by_token(older.token, SIGN_IN)
    with pytest.raises(ProofRejected):
        check_code(older.proof.pk, older.code, SIGN_IN)
    use(find_by_token(newer.token, SIGN_IN))


def test_of_two_requests_that_did_not_see_each_other_the_newest_counts():
    older, newer = issue(), issue()
    Proof.objects.update(used_at=None)

    with pytest.raises(ProofRejected):
        use(older.proof)
    use(newer.proof)


def test_other_people_purposes_and_addresses_are_left_alone():
    others = [issue(subject_id="bob"), issue(RECOVER), issue(address="alice@work.example"), issue(subject_id=None)]

    issue()

    assert not Proof.objects.filter(pk__in=[other.proof.pk for other in others], used_at__isnull=False).exists()


def test_wrong_codes_use_up_the_tries():
    issued = issue()
    for _ in range(SIGN_IN.tries):
        with pytest.raises(CodeRejected) as refusal:
            check_code(issued.proof.pk, wrong(issued.code), SIGN_IN)

    with pytest.raises(ProofRejected):
        check_code(issued.proof.pk, issued.code, SIGN_IN)
    assert refusal.value.field == "code"


def test_the_last_try_may_be_the_right_one():
    issued = issue()
    for _ in range(SIGN_IN.tries - 1):
        with pytest.raises(CodeRejected):
            check_code(issued.proof.pk, wrong(issued.code), SIGN_IN)

    use(check_code(issued.proof.pk, issued.code, SIGN_IN))


def test_a_link_outlives_the_tries_of_its_code():
    issued = issue()
    Proof.objects.update(attempts=SIGN_IN.tries)

    use(find_by_token(issued.token, SIGN_IN))


@pytest.mark.parametrize(
    "spelt",
    [
        "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}",
        " {0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}\n",
        "{0[0]}{0[1]}{0[2]}\N{NO-BREAK SPACE}{0[3]}{0[4]}{0[5]}",
        "{0[0]}{0[1]}{0[2]}\N{EN DASH}{0[3]}{0[4]}{0[5]}",
        "\N{LEFT-TO-RIGHT MARK}{0[0]}{0[1]}{0[2]}{0[3]}{0[4]}{0[5]}\N{ZERO WIDTH SPACE}",
    ],
)
def test_a_code_may_be_grouped(spelt):
    issued = issue()

    check_code(issued.proof.pk, spelt.format(issued.code), SIGN_IN)


@pytest.mark.parametrize(
    "zero", ["\N{ARABIC-INDIC DIGIT ZERO}", "\N{FULLWIDTH DIGIT ZERO}", "\N{DEVANAGARI DIGIT ZERO}"]
)
def test_a_code_may_be_typed_in_other_digits(zero):
    issued = issue()

    check_code(issued.proof.pk, "".join(chr(ord(zero) + int(digit)) for digit in issued.code), SIGN_IN)


@pytest.mark.parametrize(
    "garbage", ["", " ", "\x00", "12\x003456", "abcdef", "1" * 65, "1" * 100_000, "½²③", "\ud800", "-1"]
)
def test_garbage_for_a_code_is_refused(garbage):
    with pytest.raises(CodeRejected):
        check_code(issue().proof.pk, garbage, SIGN_IN)


@pytest.mark.parametrize("garbage", ["", "\x00", "abc", "é", "\ud800", "a" * 100_000])
def test_garbage_for_a_link_is_refused(garbage):
    issue()

    with pytest.raises(ProofRejected):
        find_by_token(garbage, SIGN_IN)


@pytest.mark.parametrize("garbage", ["", "\x00", "abc", "\ud800", "0" * 33, "a" * 100_000])
def test_garbage_for_an_id_is_refused(garbage):
    with pytest.raises(ProofRejected):
        check_code(garbage, "123456", SIGN_IN)


def test_an_unknown_id_is_refused():
    with pytest.raises(ProofRejected):
        check_code(uuid4(), "123456", SIGN_IN)


def test_a_code_of_another_proof_is_refused():
    alice, bob = issue(), issue(subject_id="bob")

    if alice.code != bob.code:
        with pytest.raises(CodeRejected):
            check_code(alice.proof.pk, bob.code, SIGN_IN)


def test_a_bound_proof_works_in_its_browser():
    issued = issue(binding="b" * 64)

    assert find_by_token(issued.token, SIGN_IN, binding="b" * 64) == issued.proof
    assert check_code(issued.proof.pk, issued.code, SIGN_IN, binding="b" * 64) == issued.proof


@pytest.mark.parametrize("binding", [None, "", "c" * 64, "é"])
def test_a_bound_proof_does_not_work_elsewhere_and_costs_no_try(binding):
    issued = issue(binding="b" * 64)

    with pytest.raises(ProofElsewhere):
        find_by_token(issued.token, SIGN_IN, binding=binding)
    with pytest.raises(ProofElsewhere):
        check_code(issued.proof.pk, issued.code, SIGN_IN, binding=binding)
    assert Proof.objects.get().attempts == 0


def test_a_proof_without_binding_works_anywhere():
    issued = issue()

    assert find_by_token(issued.token, SIGN_IN, binding="c" * 64) == issued.proof


def test_a_decoy_refuses_even_what_would_be_right():
    decoy = issue(subject_id=None)

    with pytest.raises(CodeRejected):
        check_code(decoy.proof.pk, decoy.code, SIGN_IN)
    with pytest.raises(ProofRejected):
        find_by_token(decoy.token, SIGN_IN)
    with pytest.raises(ProofRejected):
        use(decoy.proof)


def test_a_decoy_answers_like_any_other_proof(django_assert_num_queries):
    for proof in issue().proof, issue(subject_id=None).proof:
        for _ in range(SIGN_IN.tries):
            with django_assert_num_queries(4), pytest.raises(CodeRejected):
                check_code(proof.pk, "1234567", SIGN_IN)
        with pytest.raises(ProofRejected):
            check_code(proof.pk, "1234567", SIGN_IN)


def test_a_link_alone_has_no_code():
    issued = issue(UNDO)

    assert issued.code is None
    with pytest.raises(CodeRejected):
        check_code(issued.proof.pk, "123456", UNDO)


def test_neither_link_nor_code_is_stored_or_shown():
    issued = issue()
    row = Proof.objects.values().get()

    assert issued.token not in f"{row}{issued!r}{issued}"
    assert issued.code not in (row["code_digest"], row["token_digest"])
    assert f"{issued.code!r}" not in f"{row}{issued!r}"


def test_equal_codes_leave_different_digests():
    proofs = [issue(address=f"{number}@example.com") for number in range(3)]

    assert len({issued.proof.code_digest for issued in proofs}) == 3


def test_proofs_of_a_purpose_are_voided():
    sign_in, recover = issue(SIGN_IN), issue(RECOVER)

    void_proofs("alice", SIGN_IN)

    with pytest.raises(ProofRejected):
        use(sign_in.proof)
    use(recover.proof)


def test_all_proofs_of_a_person_are_voided():
    hers, his = [issue(SIGN_IN), issue(RECOVER), issue(UNDO)], issue(subject_id="bob")

    void_proofs("alice")

    for issued in hers:
        with pytest.raises(ProofRejected):
            use(issued.proof)
    use(his.proof)


def test_a_sweep_deletes_only_the_expired():
    issue(SIGN_IN)
    recover = issue(RECOVER)

    with after(minutes=30):
        sweep_proofs()

    assert Proof.objects.get() == recover.proof


@pytest.mark.django_db(transaction=True)
def test_issuing_and_spending_outside_a_transaction_are_programming_errors():
    with pytest.raises(RuntimeError):
        issue_proof(SIGN_IN, subject_id="alice", address="alice@example.com")
    with pytest.raises(RuntimeError):
        spend(issue().proof)


@pytest.mark.django_db(transaction=True)
def test_a_try_is_never_counted_inside_a_transaction_that_may_roll_back():
    issued = issue()

    with pytest.raises(RuntimeError), transaction.atomic():
        check_code(issued.proof.pk, issued.code, SIGN_IN)


@pytest.mark.django_db(transaction=True)
def test_a_flow_that_fails_leaves_its_proof_unspent():
    proof = issue().proof
    with transaction.atomic():
        spend(proof)
        transaction.set_rollback(True)

    use(proof)


def test_a_code_outlives_the_rotation_of_its_key(settings):
    older, newer = ("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=")
    settings.CIAM_KERNEL = {"KEYS": {"2026": older}}
    issued = issue()

    settings.CIAM_KERNEL = {"KEYS": {"2027": newer, "2026": older}}

    assert check_code(issued.proof.pk, issued.code, SIGN_IN) == issued.proof
