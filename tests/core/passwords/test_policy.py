import unicodedata

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from ciam_core.passwords.common import is_common
from ciam_core.passwords.exceptions import (
    PasswordCommon,
    PasswordContextual,
    PasswordRefused,
    PasswordTooLong,
    PasswordTooShort,
)
from ciam_core.passwords.policy import require_acceptable

ALICE = ["alice.miller@shop.example", "Alice Miller"]


def words(length):
    return ("plum cake at the harbour, " * 20)[:length]


@pytest.mark.parametrize("length", [7, 8, 14])
def test_fewer_than_15_characters_are_too_few(length):
    with pytest.raises(PasswordTooShort) as refusal:
        require_acceptable("Xk9!vqZ2#pL7w$R4"[:length])
    assert refusal.value.details == {"min_length": 15}
    assert refusal.value.field == "password"
    assert str(refusal.value) == "Use at least 15 characters."


@pytest.mark.parametrize(
    "password", [words(15), words(16), words(20), "🔑🍰⚓🌊🎈🎨🎭🎪🎫🎬🎯🎲🎳🎵🎸", "             a!"]
)
def test_15_characters_are_enough(password):
    require_acceptable(password)


def test_a_host_may_ask_for_fewer(change):
    change(PASSWORD_MIN_LENGTH=8)
    require_acceptable("Xk9!vqZ2")
    with pytest.raises(PasswordTooShort):
        require_acceptable("Xk9!vqZ")


def test_length_counts_characters_not_keystrokes():
    with pytest.raises(PasswordTooShort):
        require_acceptable("e\u0301a\u0300" * 7)


@pytest.mark.parametrize("length", [64, 128, 256])
def test_long_passwords_are_accepted(length):
    require_acceptable(words(length - 1) + "!")


@pytest.mark.parametrize("length", [257, 1_000_000])
def test_longer_than_256_is_refused(length):
    with pytest.raises(PasswordTooLong) as refusal:
        require_acceptable("a" * length)
    assert refusal.value.details == {"max_length": 256}


@given(st.text(min_size=15, max_size=64))
def test_nothing_is_asked_of_its_composition(password):
    assume(len(unicodedata.normalize("NFC", password)) >= 15)
    assume(not is_common(unicodedata.normalize("NFC", password)))
    require_acceptable(password)


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfgh",
        "QWERTYUIOPASDFGH",
        "1qaz2wsx3edc4rfv",
        "abcdefghijklmnop",
        "qwerty123456789",
        "administrator1",
    ],
)
def test_the_worst_passwords_are_refused_whatever_their_case(password, change):
    change(PASSWORD_MIN_LENGTH=8)
    with pytest.raises(PasswordCommon):
        require_acceptable(password)


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaa", "123123123123123", "PasswordPassword", "plumplumplumplump", "iloveyouiloveyou"]
)
def test_a_repetition_is_as_bad_as_what_it_repeats(password):
    with pytest.raises(PasswordCommon):
        require_acceptable(password)


@pytest.mark.parametrize("password", ["qwertyuiopasdfgh!", "my administrator1", "plum cake plum cakeplum"])
def test_only_the_whole_password_is_compared(password):
    require_acceptable(password)


@pytest.mark.parametrize(
    "password",
    [
        "alice.miller@shop.example",
        "ALICE.MILLER@SHOP.EXAMPLE",
        "alice-miller-2026",
        "Miller Alice 1999!!!",
        "Shop Shop Shop 12345",
        "ＡｌｉｃｅＭｉｌｌｅｒ１２３４",
    ],
)
def test_an_address_a_name_and_the_product_are_no_password(password):
    with pytest.raises(PasswordContextual):
        require_acceptable(password, about=ALICE)


@pytest.mark.parametrize("password", ["alice likes plum cake", "millers of shopping malls", "8401 9274 6610 2857 39"])
def test_a_name_within_a_password_is_no_harm(password):
    require_acceptable(password, about=ALICE)


def test_somebody_elses_name_is_no_matter():
    require_acceptable("alice.miller@else.example", about=["bob@else.example"])


def test_a_host_adds_words_of_its_own(change):
    require_acceptable("Harbourfest 2026")
    change(PASSWORD_CONTEXT_WORDS=("Harbourfest",))
    with pytest.raises(PasswordContextual):
        require_acceptable("Harbourfest 2026")


def test_empty_words_match_nothing():
    require_acceptable("2026 8401 9274 66", about=["", "a", "--", "@"])


def test_every_reason_has_a_code_of_its_own():
    leaves = PasswordRefused.__subclasses__()
    assert len({leaf.code for leaf in leaves}) == len(leaves)
    assert all(leaf.code.startswith("password.") for leaf in leaves)


def test_the_reason_speaks_the_language_of_the_reader():
    refusal = PasswordTooShort(min_length=15)
    with translation.override("en"):
        assert str(refusal) == "Use at least 15 characters."


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password.too_short"), ("qwertyuiopasdfgh", "password.common"), ("a" * 300, "password.too_long")],
)
def test_djangos_own_forms_obey_the_same_rule(password, code):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert refusal.value.error_list[0].code == code


def test_the_admin_may_not_set_what_nobody_may(counted):
    user = get_user_model()(**{get_user_model().USERNAME_FIELD: "alice.miller@shop.example"})
    refused = {"password1": "alice.miller.2026", "password2": "alice.miller.2026", "usable_password": "true"}
    assert not AdminPasswordChangeForm(user, refused).is_valid()
    fine = dict.fromkeys(("password1", "password2"), "plum cake at the harbour") | {"usable_password": "true"}
    assert AdminPasswordChangeForm(user, fine).is_valid()


def test_the_help_tells_the_length():
    assert password_validators_help_texts() == ["Use at least 15 characters."]
