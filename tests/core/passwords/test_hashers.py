import logging
import time

import argon2
import pytest
from argon2.low_level import Type, hash_secret
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from ciam_core.passwords.exceptions import PasswordTooLong
from ciam_core.passwords.hashers import Argon2idHasher

hasher = Argon2idHasher()
SALT = b"0123456789abcdef"


def stored(password, *, t=2, m=64, p=1, kind=Type.ID, salt=SALT, length=32, version=19):
    return "argon2" + hash_secret(password.encode(), salt, t, m, p, length, kind, version).decode()


def test_the_stored_form_is_djangos(change):
    change(PASSWORD_HASH_MEMORY=19456, PASSWORD_HASH_TIME=2)
    encoded = hasher.encode("plum cake at the harbour", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert Argon2PasswordHasher().verify("plum cake at the harbour", encoded)
    assert Argon2PasswordHasher().decode(encoded)["memory_cost"] == 19456


def test_argon2_cffi_reads_what_we_store():
    encoded = hasher.encode("plum cake", "salt")
    assert argon2.PasswordHasher().verify(encoded.removeprefix("argon2"), "plum cake")


def test_we_read_what_django_stored():
    encoded = Argon2PasswordHasher().encode("plum cake", "abcdefghijklmnopqrstuv")
    assert hasher.verify("plum cake", encoded)
    assert not hasher.verify("plum cakes", encoded)


@pytest.mark.parametrize("kind", [Type.ID, Type.I])
@pytest.mark.parametrize("p", [1, 2, 8])
@pytest.mark.parametrize("t", [1, 3])
def test_foreign_hashes_verify(kind, p, t):
    encoded = stored("plum cake", kind=kind, p=p, t=t)
    assert hasher.verify("plum cake", encoded)
    assert not hasher.verify("plum cakes", encoded)


def test_long_salts_and_short_hashes_verify():
    assert hasher.verify("plum cake", stored("plum cake", salt=b"s" * 32))
    assert hasher.verify("plum cake", stored("plum cake", length=16))


def test_one_salt_gives_one_hash():
    assert hasher.encode("plum cake", "a") == hasher.encode("plum cake", "a")
    assert hasher.encode("plum cake", "a") != hasher.encode("plum cake", "b")
    assert hasher.encode("plum cake", hasher.salt()) != hasher.encode("plum cake", hasher.salt())


def test_a_salt_must_be_given():
    with pytest.raises(ValueError, match="salt"):
        hasher.encode("plum cake", "")


@pytest.mark.parametrize(
    "changed", [{"m": 128}, {"t": 2}, {"p": 2}, {"kind": Type.I, "t": 1}, {"kind": Type.D}, {"version": 16}]
)
def test_another_cost_or_type_must_be_updated(changed):
    assert hasher.must_update(stored("plum cake", **{"t": 1, "m": 64, **changed}))


def test_a_salt_of_another_length_need_not_be_updated():
    assert not hasher.must_update(stored("plum cake", t=1, m=64, salt=b"s" * 8))
    assert not hasher.must_update(hasher.encode("plum cake", hasher.salt()))


@pytest.mark.parametrize(
    "encoded",
    [
        stored("plum cake").replace("m=64", "m=131073"),
        stored("plum cake").replace("m=64", "m=4294967295"),
        stored("plum cake").replace("t=2", "t=11"),
        stored("plum cake", length=64),
        stored("plum cake", kind=Type.D),
        stored("plum cake", version=16),
        stored("plum cake")[:-30] + "!",
        stored("plum cake") + "\n",
        "argon2",
        "argon2$argon2id$v=19$m=64,t=2,p=1$$",
        "",
    ],
)
def test_a_hash_that_costs_too_much_or_cannot_be_read_does_not_match_and_is_logged(encoded, caplog):
    started = time.thread_time()
    with caplog.at_level(logging.WARNING, "ciam.passwords"):
        assert not hasher.verify("plum cake", encoded)
    assert time.thread_time() - started < 0.5
    assert "was not checked" in caplog.text
    assert hasher.must_update(encoded)


def test_the_costs_django_has_as_default_are_within_the_caps():
    assert hasher.verify("plum cake", stored("plum cake", m=102_400, t=2, p=8))


@pytest.mark.parametrize(
    "password", ["a" * 73, "trailing space ", " ", "🔑🔑🔑", "nul\0byte", "\0", "ẞ", "Ünïcödé", ""]
)
def test_every_byte_counts(password):
    encoded = hasher.encode(password, hasher.salt())
    assert hasher.verify(password, encoded)
    for other in (password + " ", password + "\0", password + "a", password[:-1] + "x", password.swapcase() + "."):
        assert not hasher.verify(other, encoded)


@given(st.text(max_size=80), st.text(max_size=80))
def test_only_the_same_text_verifies(password, other):
    encoded = hasher.encode(password, "salt")
    assert hasher.verify(password, encoded)
    assert hasher.verify(other, encoded) == (hasher.encode(other, "salt") == encoded)


def test_composed_and_decomposed_spellings_are_one_password():
    composed, decomposed = "cr\u00e8me br\u00fbl\u00e9e", "cre\u0300me bru\u0302le\u0301e"
    assert hasher.verify(decomposed, hasher.encode(composed, "salt"))
    assert hasher.verify(composed, hasher.encode(decomposed, "salt"))


def test_a_hash_made_elsewhere_of_a_decomposed_spelling_verifies_as_typed():
    decomposed = "cre\u0300me bru\u0302le\u0301e"
    assert hasher.verify(decomposed, stored(decomposed))


def test_compatibility_variants_are_different_passwords():
    assert not hasher.verify("plum", hasher.encode("ｐｌｕｍ", "salt"))


def test_a_lone_surrogate_is_a_character_like_others():
    assert hasher.verify("plum \ud800", hasher.encode("plum \ud800", "salt"))
    assert not hasher.verify("plum \ud801", hasher.encode("plum \ud800", "salt"))


@pytest.mark.parametrize("password", ["a" * 257, "a" * 1_000_000, "\u0315\u0300" * 500_000])
def test_a_password_over_the_limit_is_refused_at_once(password):
    encoded, started = hasher.encode("plum cake", "salt"), time.thread_time()
    assert not hasher.verify(password, encoded)
    with pytest.raises(PasswordTooLong):
        hasher.encode(password, "salt")
    assert time.thread_time() - started < 0.1


def test_256_characters_are_256_whatever_they_are_spelled_with():
    assert hasher.verify("\u00e9" * 256, hasher.encode("e\u0301" * 256, "salt"))
    with pytest.raises(PasswordTooLong):
        hasher.encode("e\u0301" * 257, "salt")


def test_the_summary_hides_salt_and_hash():
    encoded = hasher.encode("plum cake", "salt")
    _, _, _, _, salt, digest = encoded.split("$")
    shown = " ".join(str(value) for value in hasher.safe_summary(encoded).values())
    assert "argon2id" in shown
    assert salt not in shown
    assert digest not in shown
