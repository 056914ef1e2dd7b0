"""Ten codes, known once, good for once (MF14, N8, N10)."""

import re

import pytest
from django.core import mail
from django.db import connection

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.secrets.rotation import reseal_fields
from ciam_mfa.events import RecoveryCodeSpent
from ciam_mfa.exceptions import AnswerRejected, AuthenticatorUnknown, NothingToBackUp
from ciam_mfa.flows import make_recovery_codes, verify_factor
from ciam_mfa.models import RecoveryCode, RecoveryCodeSet
from ciam_mfa.queries import authenticators_of
from tests.mfa.people import with_recovery_codes


@pytest.fixture
def codes(alice):
    return with_recovery_codes(alice)


def key_of(person):
    return next(own.key for own in authenticators_of(person) if own.factor.name == "recovery_codes")


def answer(person, code):
    return verify_factor(person, key_of(person), answer={"code": code}, origin=SYSTEM)


def test_there_are_ten_and_none_is_like_another(codes):
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code) for code in codes)


def test_each_is_good_for_once(alice, codes, recorded):
    found = answer(alice, codes[0])
    assert found.level is Level.AAL2
    with pytest.raises(AnswerRejected):
        answer(alice, codes[0])
    answer(alice, codes[1])
    assert [event.left for event in recorded(RecoveryCodeSpent)] == [9, 8]


def test_the_owner_is_told_how_many_are_left(alice, codes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer(alice, codes[0])
    assert "You have 9 left" in mail.outbox[-1].body


@pytest.mark.parametrize(
    "typed",
    [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')}\n"],
    ids=["capitals", "run together", "spaces"],
)
def test_it_may_be_typed_as_it_comes(alice, codes, typed):
    answer(alice, typed(codes[0]))


def test_what_looks_alike_is_alike(alice, codes):
    code = next((code for code in codes if set("01") & set(code)), codes[0])
    answer(alice, code.replace("0", "O").replace("1", "l"))


@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "x" * 10_000, "\x00", "123456", "٣" * 16])
def test_what_is_no_code_is_a_wrong_one(alice, codes, typed):
    with pytest.raises(AnswerRejected):
        answer(alice, typed)


def test_new_codes_end_the_old_ones(alice, codes):
    newer = make_recovery_codes(alice, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        answer(alice, codes[0])
    answer(alice, newer[0])
    assert RecoveryCode.objects.count() == 10


def test_they_stand_in_for_something(alice):
    with pytest.raises(NothingToBackUp):
        make_recovery_codes(alice, origin=SYSTEM)


def test_bob_s_are_no_use_to_alice(alice, bob, codes):
    theirs = with_recovery_codes(bob)
    with pytest.raises(AnswerRejected):
        answer(alice, theirs[0])
    with pytest.raises(AuthenticatorUnknown):
        verify_factor(alice, key_of(bob), answer={"code": theirs[0]}, origin=SYSTEM)


def test_a_copy_of_the_table_holds_none_of_them(alice, codes):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pepper FROM ciam_mfa_recoverycodeset")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT digest FROM ciam_mfa_recoverycode")
        kept += str(cursor.fetchall())
    pepper = RecoveryCodeSet.objects.get().pepper
    assert not any(secret in kept for code in (*codes, pepper) for secret in (code, code.replace("-", "")))


def test_they_outlive_a_change_of_the_key_ring(alice, codes, settings):
    new = "b" * 43 + "="
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "KEYS": {"new": new, "old": "SECRET_KEY"}}
    assert {result.left for result in reseal_fields()} == {0}
    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "KEYS": {"new": new}}
    answer(alice, codes[0])
