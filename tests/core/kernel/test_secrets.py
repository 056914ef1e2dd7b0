import base64
import string

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ciam_core.kernel.secrets import (
    SecretUnreadable,
    keyed_digest,
    keyed_digests,
    new_code,
    new_token,
    seal,
    token_digest,
    unseal,
)

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
CONTEXT = "shop.Order.iban"
URLSAFE = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def rotate(settings):
    def rotate(**keys: str) -> None:
        settings.CIAM_KERNEL = {"KEYS": keys}

    return rotate


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_what_was_sealed_opens(plain):
    assert unseal(seal(plain, context=CONTEXT), context=CONTEXT) == plain


def test_the_same_value_never_seals_alike():
    assert seal(b"DE89", context=CONTEXT) != seal(b"DE89", context=CONTEXT)


def test_a_sealed_value_names_its_version_and_key(rotate):
    rotate(k2026=NEW)

    assert seal(b"DE89", context=CONTEXT).startswith("v1:k2026:")


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_character_is_refused(data):
    sealed = seal(b"DE89370400440532013000", context=CONTEXT)
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from([each for each in URLSAFE + ":=\n é" if each != sealed[place]]))

    with pytest.raises(SecretUnreadable):
        unseal(sealed[:place] + other + sealed[place + 1 :], context=CONTEXT)


@pytest.mark.parametrize("kept", [0, 1, 3, 12, 20, -1])
def test_a_value_cut_short_is_refused(kept):
    with pytest.raises(SecretUnreadable):
        unseal(seal(b"DE89", context=CONTEXT)[:kept], context=CONTEXT)


def test_a_value_moved_to_another_column_is_refused():
    with pytest.raises(SecretUnreadable, match=r"shop\.Order\.note cannot be opened"):
        unseal(seal(b"DE89", context=CONTEXT), context="shop.Order.note")


def test_a_context_is_needed():
    with pytest.raises(ValueError, match="context"):
        seal(b"DE89", context="")


def test_another_key_under_the_same_id_is_refused(rotate):
    rotate(k=OLD)
    sealed = seal(b"DE89", context=CONTEXT)
    rotate(k=NEW)

    with pytest.raises(SecretUnreadable):
        unseal(sealed, context=CONTEXT)


def test_the_first_key_seals_and_all_open(rotate):
    rotate(old=OLD)
    sealed = seal(b"DE89", context=CONTEXT)
    rotate(new=NEW, old=OLD)

    assert unseal(sealed, context=CONTEXT) == b"DE89"
    assert seal(b"DE89", context=CONTEXT).startswith("v1:new:")


def test_a_key_taken_out_of_the_ring_opens_nothing(rotate):
    rotate(old=OLD)
    sealed = seal(b"DE89", context=CONTEXT)
    rotate(new=NEW)

    with pytest.raises(SecretUnreadable, match="not in the ring"):
        unseal(sealed, context=CONTEXT)


def test_without_keys_the_secret_key_serves_and_its_fallbacks_open(settings):
    settings.CIAM_KERNEL = {}
    sealed = seal(b"DE89", context=CONTEXT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key of fifty characters and some more"

    assert unseal(sealed, context=CONTEXT) == b"DE89"
    assert seal(b"DE89", context=CONTEXT).split(":")[1] != sealed.split(":")[1]


def test_moving_from_the_secret_key_to_a_ring_keeps_old_values_readable(settings):
    settings.CIAM_KERNEL = {}
    sealed = seal(b"DE89", context=CONTEXT)
    settings.CIAM_KERNEL = {"KEYS": {"new": NEW, "old": "SECRET_KEY"}}

    assert unseal(sealed, context=CONTEXT) == b"DE89"
    assert seal(b"DE89", context=CONTEXT).startswith("v1:new:")


@pytest.mark.parametrize("key", ["not base64!", base64.b64encode(b"short").decode(), ""])
def test_a_malformed_key_is_named_but_not_shown(rotate, key):
    rotate(k2026=key)

    with pytest.raises(ImproperlyConfigured, match=r"\['KEYS'\]\['k2026'\]") as caught:
        seal(b"DE89", context=CONTEXT)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("value", ["4929-1234-5678", "v1:4929-1234-5678", "v1:4929:1234-5678", "v1::", "é", ""])
def test_the_refusal_never_shows_the_value(value):
    with pytest.raises(SecretUnreadable) as caught:
        unseal(value, context=CONTEXT)

    assert "4929" not in f"{caught.value!s} {caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_digest_depends_on_value_context_and_key(rotate):
    rotate(old=OLD)
    before = keyed_digest("alice@shop.example", context="address")
    assert before == keyed_digest("alice@shop.example", context="address")
    assert before != keyed_digest("alice@shop.example", context="attempt")
    rotate(new=NEW)

    assert before != keyed_digest("alice@shop.example", context="address")


def test_a_digest_made_before_a_rotation_is_still_found(rotate):
    rotate(old=OLD)
    before = keyed_digest("alice@shop.example", context="address")
    rotate(new=NEW, old=OLD)

    after = keyed_digest("alice@shop.example", context="address")
    assert keyed_digests("alice@shop.example", context="address") == [after, before]


def test_tokens_and_codes_have_their_shape():
    assert len(new_token()) == 43
    assert new_token() != new_token()
    assert all(len(new_code()) == 6 and new_code().isdigit() for _ in range(50))
    assert len(new_code(digits=8)) == 8


def test_a_token_digest_is_sha256():
    assert token_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4
