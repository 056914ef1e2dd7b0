"""MF16, MF17, MF18: what is signed is not what was asked for, or not by whom. None is accepted."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.exceptions import AnswerRejected, PasskeyRefused, PasskeyTaken, PasskeyUnknown
from ciam_mfa.flows import (
    add_passkey,
    begin_factor,
    sign_in_with_passkey,
    start_passkey,
    start_passkey_sign_in,
    verify_factor,
)
from ciam_mfa.models import Passkey
from tests.mfa.people import with_passkey
from tests.mfa.soft_authenticator import AT, BE, BS, ED, UP, UV, EdKey, Key, RsaKey, SoftPasskey, b64, certificate_of

OTHER = b64(b"another challenge of 32 bytes ..")


def flipped(signature):
    return signature[:-1] + bytes([signature[-1] ^ 1])


ANY = {
    "another challenge": {"challenge": OTHER},
    "no challenge": {"challenge": ""},
    "another site": {"origin": "https://testserver.evil.example"},
    "another scheme": {"origin": "https://testserver"},
    "another port": {"origin": "http://testserver:8443"},
    "a subdomain": {"origin": "http://shop.testserver"},
    "an origin in capitals": {"origin": "http://TESTSERVER"},
    "an origin with a slash": {"origin": "http://testserver/"},
    "no origin": {"origin": None},
    "several origins": {"origin": ["http://testserver"]},
    "a frame": {"more": {"crossOrigin": True}},
    "a frame, said otherwise": {"more": {"crossOrigin": "false"}},
    "a frame's page": {"more": {"topOrigin": "https://evil.example"}},
    "another RP ID": {"rp_id": "evil.example"},
    "a parent RP ID": {"rp_id": "server"},
    "another kind of credential": {"kind": "password"},
    "two ids": {"raw_id": b64(b"x" * 32)},
    "an id that is not base64url": {"id": "%%%", "raw_id": "%%%"},
    "a long id": {"id": "A" * 2000, "raw_id": "A" * 2000},
    "client data that is no JSON": {"raw": b"{"},
    "client data that is no object": {"raw": b"[]"},
    "client data that is no text": {"raw": b"\xff\xfe"},
    "no client data": {"raw": b""},
    "long client data": {"more": {"padding": "x" * 8000}},
}
ASSERTIONS = ANY | {
    "a registration": {"said": "webauthn.create"},
    "a payment": {"said": "payment.get"},
    "nobody present": {"flags": UV},
    "a key that can suddenly be copied": {"flags": UP | UV | BE},
    "backed up without being able to": {"flags": UP | UV | BS},
    "credential data that is not there": {"flags": UP | UV | AT},
    "extensions that are not there": {"flags": UP | UV | ED},
    "a changed signature": {"signature": flipped},
    "no signature": {"signature": lambda signature: b""},
    "a long signature": {"signature": lambda signature: signature * 100},
    "another person's handle": {"handle": b64(b"h" * 64)},
    "a handle that is no text": {"handle": 7},
    "a counter that stands still": {"count": 1},
    "a counter that went back": {"count": 0},
}
ALONE = ASSERTIONS | {
    "nobody verified": {"flags": UP},
    "no handle": {"handle": ""},
}
PLAIN = Key().cose()
ATTESTATIONS = ANY | {
    "an assertion": {"said": "webauthn.get"},
    "nobody present": {"flags": UV | AT},
    "backed up without being able to": {"flags": UP | UV | AT | BS},
    "no credential": {"flags": UP | UV},
    "half a credential": {"cut": 40},
    "more than a credential": {"tail": b"more"},
    "a key of no algorithm": {"cose": {1: 2, -1: 1, -2: b"x" * 32, -3: b"y" * 32}},
    "ES384": {"cose": {**PLAIN, 3: -35}},
    "RS1": {"cose": {**RsaKey().cose(), 3: -65535}},
    "another curve": {"cose": {**PLAIN, -1: 3}},
    "a point off the curve": {"cose": {**PLAIN, -3: b"\x01" * 32}},
    "a short point": {"cose": {**PLAIN, -3: b"\x01"}},
    "an algorithm of another key": {"cose": {**PLAIN, 3: -257}},
    "a weak RSA key": {"cose": RsaKey(1024).cose()},
    "an RSA key with a small exponent": {"cose": RsaKey(exponent=3).cose()},
    "a slow RSA key": {"cose": {1: 3, 3: -257, -1: b"\xff" * 900, -2: b"\x01\x00\x01"}},
    "a key that is no map": {"cose": [1, 2]},
    "a symmetric key": {"cose": {1: 4, 3: 5, -1: b"k" * 32}},
    "none with a statement": {"statement": {"sig": b"x"}},
    "an unknown format": {"fmt": "homemade"},
    "a format that is no text": {"fmt": 7},
    "a format nobody asked for": {"fmt": "fido-u2f", "statement": {"sig": b"x", "x5c": [b"x"]}},
    "self-attestation by another key": {
        "fmt": "packed", "statement": lambda data, digest: {"alg": -7, "sig": Key().sign(data + digest)},
    },
    "a certificate nobody asked for": {
        "fmt": "packed", "statement": lambda data, digest: {"alg": -7, "sig": Key().sign(data + digest), "x5c": [b"x"]},
    },
}  # fmt: skip


def u2f(passkey):
    """What an old security key attests, all of it right: whoever looks only at the signature would take it."""

    def statement(data, client_data_hash):
        key = Key()
        cose = passkey.key.cose()
        signed = b"\x00" + data[:32] + client_data_hash + passkey.id + b"\x04" + cose[-2] + cose[-3]
        return {"sig": key.sign(signed), "x5c": [certificate_of(key)]}

    return {"fmt": "fido-u2f", "statement": statement}


def mutated(options, change):
    return {**options, **({"challenge": change["challenge"]} if "challenge" in change else {})}, {
        name: value for name, value in change.items() if name != "challenge"
    }


@pytest.fixture
def key(alice):
    """A passkey of alice that stays on its device, used once."""
    passkey, row = with_passkey(alice)
    answer(alice, passkey, row)
    return passkey, row


def answer(person, passkey, row, change=None):
    begun = begin_factor(person, f"passkey-{row.pk}", origin=SYSTEM)
    options, change = mutated(begun.prompt["request_options"], change or {})
    given = {"credential": passkey.get(options, **change)}
    return verify_factor(person, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)


def sign_in(passkey, change=None, state=None):
    begun = start_passkey_sign_in()
    options, change = mutated(begun.prompt["request_options"], change or {})
    return sign_in_with_passkey(passkey.get(options, **change), state=state or begun.state, origin=SYSTEM)


def enrol(person, passkey, change=None, state=None):
    begun = start_passkey(person, origin=SYSTEM)
    options, change = mutated(begun.prompt["creation_options"], change or {})
    return add_passkey(person, passkey.make(options, **change), state=state or begun.state, origin=SYSTEM)


@pytest.mark.parametrize("change", ASSERTIONS.values(), ids=ASSERTIONS)
def test_no_altered_answer_is_a_second_factor(alice, key, change):
    passkey, row = key
    with pytest.raises(PasskeyRefused):
        answer(alice, passkey, row, change)
    passkey.count += 1
    answer(alice, passkey, row)  # and the right one is, as before


@pytest.mark.parametrize("change", ALONE.values(), ids=ALONE)
def test_no_altered_answer_signs_in(key, change):
    passkey, row = key
    with pytest.raises(AnswerRejected):
        sign_in(passkey, change)
    passkey.count += 1
    assert sign_in(passkey)[0] == row


@pytest.mark.parametrize("change", ATTESTATIONS.values(), ids=ATTESTATIONS)
def test_no_altered_attestation_is_enrolled(alice, change):
    with pytest.raises(PasskeyRefused):
        enrol(alice, SoftPasskey(), change)
    assert not Passkey.objects.exists()


def test_an_attestation_nobody_asked_for_is_not_taken_however_right_it_is(alice):
    passkey = SoftPasskey()
    with pytest.raises(PasskeyRefused):
        enrol(alice, passkey, u2f(passkey))


@pytest.mark.parametrize("key", [Key, EdKey, RsaKey])
def test_the_control_every_algorithm_that_is_asked_for_is_taken(alice, key):
    passkey, row = with_passkey(alice, key=key())
    assert answer(alice, passkey, row).level is Level.AAL2
    assert sign_in(passkey)[0] == row


def test_the_control_self_attestation_is_taken(alice):
    passkey = SoftPasskey()
    enrol(
        alice,
        passkey,
        {"fmt": "packed", "statement": lambda data, digest: {"alg": -7, "sig": passkey.key.sign(data + digest)}},
    )
    assert Passkey.objects.count() == 1


def test_another_curve_is_no_way_to_a_weaker_key(alice):
    key = Key(ec.SECP384R1())
    numbers = key.private.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 2, -2: numbers.x.to_bytes(48), -3: numbers.y.to_bytes(48)}
    with pytest.raises(PasskeyRefused):
        enrol(alice, SoftPasskey(key=key), {"cose": cose})


def test_nobody_answers_with_the_passkey_of_another(alice, bob, key):
    theirs, _ = with_passkey(bob)
    _, row = key
    begun = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM)
    given = {"credential": theirs.sign(begun.state["challenge"])}
    with pytest.raises(PasskeyRefused):
        verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)


def test_the_key_of_one_says_nothing_under_the_id_of_another(alice, bob, key):
    passkey, _ = key
    theirs, _ = with_passkey(bob)
    theirs.id, theirs.handle = passkey.id, passkey.handle
    with pytest.raises(PasskeyRefused):
        sign_in(theirs)


def test_an_unknown_passkey_is_told_so_that_the_browser_may_forget_it(db):
    stranger = SoftPasskey()
    stranger.handle = b64(b"h" * 64)
    with pytest.raises(PasskeyUnknown):
        sign_in(stranger)


def test_a_passkey_is_enrolled_once(alice, bob, key):
    passkey, _ = key
    for person in (alice, bob):
        with pytest.raises(PasskeyTaken):
            enrol(person, passkey)


def test_an_answer_is_taken_once(alice, key):
    """MF16: the same bytes again, as a synced passkey that counts nothing would let them pass."""
    passkey, row = with_passkey(alice, synced=True)
    begun = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM)
    given = {"credential": passkey.get(begun.prompt["request_options"])}
    verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)
    with pytest.raises(PasskeyRefused):
        verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)


def test_a_wrong_answer_uses_the_challenge_up(key):
    passkey, _ = key
    begun = start_passkey_sign_in()
    options = begun.prompt["request_options"]
    for change in ({"signature": flipped}, {}):
        with pytest.raises(PasskeyRefused):
            sign_in_with_passkey(passkey.get(options, **change), state=begun.state, origin=SYSTEM)


def test_a_challenge_is_good_for_five_minutes(key, noon):
    passkey, row = key
    begun = start_passkey_sign_in()
    noon.shift(300)
    given = passkey.get(begun.prompt["request_options"])
    assert sign_in_with_passkey(given, state=begun.state, origin=SYSTEM)[0] == row
    begun = start_passkey_sign_in()
    noon.shift(301)
    with pytest.raises(PasskeyRefused):
        sign_in_with_passkey(passkey.get(begun.prompt["request_options"]), state=begun.state, origin=SYSTEM)


def test_without_a_challenge_there_is_no_answer(alice, key):
    passkey, row = key
    with pytest.raises(PasskeyRefused):
        sign_in_with_passkey(passkey.sign(""), state={}, origin=SYSTEM)
    with pytest.raises(PasskeyRefused):
        add_passkey(alice, SoftPasskey().attest(""), state={}, origin=SYSTEM)
    with pytest.raises(PasskeyRefused):
        verify_factor(alice, f"passkey-{row.pk}", answer={"credential": passkey.sign("")}, origin=SYSTEM)


def test_a_challenge_of_one_purpose_is_none_of_another(alice, key):
    passkey, row = key
    enrolment = start_passkey(alice, origin=SYSTEM)
    second = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM)
    first = start_passkey_sign_in()
    for begun in (enrolment, second):
        with pytest.raises(PasskeyRefused):
            sign_in_with_passkey(passkey.sign(begun.state["challenge"]), state=begun.state, origin=SYSTEM)
    for begun in (enrolment, first):
        given = {"credential": passkey.sign(begun.state["challenge"])}
        with pytest.raises(PasskeyRefused):
            verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)
    for begun in (first, second):
        with pytest.raises(PasskeyRefused):
            add_passkey(alice, SoftPasskey().attest(begun.state["challenge"]), state=begun.state, origin=SYSTEM)


def test_a_challenge_of_one_person_is_none_of_another(alice, bob, key):
    """Cookie and session of two people mixed."""
    begun = start_passkey(bob, origin=SYSTEM)
    with pytest.raises(PasskeyRefused):
        enrol(alice, SoftPasskey(), state=begun.state)
    passkey, row = key
    _, their_row = with_passkey(bob)
    begun = begin_factor(bob, f"passkey-{their_row.pk}", origin=SYSTEM)
    given = {"credential": passkey.sign(begun.state["challenge"])}
    with pytest.raises(PasskeyRefused):
        verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": None},
        {"id": 7, "rawId": 7, "type": "public-key", "response": {}},
        {"id": "AA", "rawId": "AA", "type": "public-key"},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": []},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": {}, "signature": []}},
        {"id": "é" * 10, "rawId": "é", "type": "public-key", "response": {}},
        json.loads('{"id": ' + "[" * 900 + "]" * 900 + "}"),
        {"id": "A" * 100_000},
    ],
    ids=lambda credential: str(credential)[:40],
)
def test_what_is_no_credential_is_refused(alice, key, credential):
    """MF19: empty, garbled and oversized bodies."""
    _, row = key
    begun = begin_factor(alice, f"passkey-{row.pk}", origin=SYSTEM)
    given = {"credential": credential}
    with pytest.raises(PasskeyRefused):
        verify_factor(alice, f"passkey-{row.pk}", answer=given, state=begun.state, origin=SYSTEM)
    with pytest.raises(AnswerRejected):
        sign_in_with_passkey(credential, state=start_passkey_sign_in().state, origin=SYSTEM)
    with pytest.raises(PasskeyRefused):
        add_passkey(alice, credential, state=start_passkey(alice, origin=SYSTEM).state, origin=SYSTEM)
