"""Adding a passkey: what is asked for, what is kept of it, and how it is called."""

from uuid import UUID

import pytest
from django.core import mail

from ciam_core.kernel.origin import SYSTEM
from ciam_mfa.events import FactorAdded
from ciam_mfa.exceptions import TooManyAuthenticators
from ciam_mfa.flows import remove_authenticator, start_passkey
from ciam_mfa.models import Passkey, UserHandle
from ciam_mfa.queries import accepted_passkeys, authenticators_of
from tests.mfa.people import with_passkey
from tests.mfa.soft_authenticator import b64, unb64


def options_for(person):
    return start_passkey(person, origin=SYSTEM).prompt["creation_options"]


def test_a_passkey_is_asked_for_in_the_words_of_the_specification(alice):
    asked = options_for(alice)
    assert len(unb64(asked.pop("challenge"))) == 32
    assert asked == {
        "rp": {"id": "testserver", "name": "Shop"},
        "user": {
            "id": UserHandle.objects.get(user=alice).handle,
            "name": "alice@example.org",
            "displayName": "alice@example.org",
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "attestation": "none",
        "extensions": {"credProps": True},
    }


def test_the_handle_is_random_tells_nothing_and_stays(alice, bob):
    """DESIGN.md 5: never the primary key."""
    first = options_for(alice)["user"]["id"]
    assert options_for(alice)["user"]["id"] == first != options_for(bob)["user"]["id"]
    assert len(unb64(first)) == 64
    assert str(alice.pk).encode() not in unb64(first)


def test_what_it_says_of_itself_is_kept(alice):
    passkey, row = with_passkey(alice, synced=True)
    row = Passkey.objects.get(pk=row.pk)
    assert bytes(row.credential_id) == passkey.id
    assert (row.backup_eligible, row.backup_state, row.uv_initialized, row.discoverable) == (True, True, True, True)
    assert (row.sign_count, row.transports, row.confirmed) == (0, ["internal"], True)


def test_one_that_does_not_verify_its_user_is_taken_and_noted(alice):
    """N14: inspect UV."""
    _, row = with_passkey(alice, uv=False)
    assert row.uv_initialized is False


def test_where_one_is_already_no_second_is_made(alice):
    passkey, _ = with_passkey(alice)
    excluded = options_for(alice)["excludeCredentials"]
    assert excluded == [{"type": "public-key", "id": b64(passkey.id), "transports": ["internal"]}]


@pytest.mark.parametrize(
    ("given", "aaguid", "name"),
    [
        ("", "fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"),
        ("", "2fc0579f-8113-47ea-b116-bb5a8db9202a", "YubiKey"),
        ("", "00000000-0000-0000-0000-000000000000", "Passkey"),
        ("", "ffffffff-ffff-ffff-ffff-ffffffffffff", "Passkey"),
        ("My phone", "fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "My phone"),
    ],
)
def test_without_a_name_it_is_called_what_it_is_kept_in(alice, given, aaguid, name):
    _, row = with_passkey(alice, name=given, aaguid=UUID(aaguid))
    assert row.name == name


def test_the_owner_is_told(alice, recorded, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        _, row = with_passkey(alice, name="My phone")
    assert [(event.factor, event.authenticator) for event in recorded(FactorAdded)] == [
        ("passkey", f"passkey-{row.pk}")
    ]
    assert "“My phone” (Passkey)" in mail.outbox[0].body


def test_nobody_has_more_than_there_may_be(alice, mfa):
    mfa(MAX_AUTHENTICATORS=1)
    with_passkey(alice)
    with pytest.raises(TooManyAuthenticators):
        start_passkey(alice, origin=SYSTEM)


def test_neither_key_nor_handle_is_in_what_is_printed(alice):
    passkey, row = with_passkey(alice)
    shown = f"{row!r} {row} {authenticators_of(alice)} {UserHandle.objects.get()!r} {UserHandle.objects.get()}"
    assert b64(passkey.id) not in shown
    assert passkey.handle not in shown


def test_pages_can_tell_authenticators_which_are_left(alice, bob):
    """The Signal API (WebAuthn §5.1.10)."""
    kept, _ = with_passkey(alice)
    _, gone = with_passkey(alice)
    remove_authenticator(alice, f"passkey-{gone.pk}", origin=SYSTEM)
    told = accepted_passkeys(alice)
    assert told == {"rpId": "testserver", "userId": kept.handle, "allAcceptedCredentialIds": [b64(kept.id)]}
    assert accepted_passkeys(bob) is None


def test_the_relying_party_may_be_a_parent_of_the_product(alice, mfa):
    mfa(RP_ID="example", RP_NAME="The Shop")
    assert options_for(alice)["rp"] == {"id": "example", "name": "The Shop"}


@pytest.mark.parametrize(
    ("rp_id", "works"),
    [
        ("shop.example", True),
        ("id.shop.example", True),
        ("example", True),
        ("other.example", False),
        ("hop.example", False),
        ("https://shop.example", False),
        ("www.id.shop.example", False),
    ],
)
def test_a_domain_no_page_of_ours_is_on_is_told_at_start(mfa, settings, rp_id, works):
    from ciam_mfa.settings import conf

    settings.CIAM_KERNEL = {**settings.CIAM_KERNEL, "PUBLIC_URL": "https://id.shop.example"}
    mfa(RP_ID=rp_id)
    assert (conf.check() == []) is works


@pytest.mark.parametrize(
    ("origin", "works"),
    [
        ("https://shop.example", True),
        ("https://shop.example:8443", True),
        ("http://localhost:8000", True),
        ("http://app.localhost", True),
        ("android:apk-key-hash:pRxSg8pQ-3nV_0x", True),
        ("http://shop.example", False),
        ("https://shop.example/", False),
        ("https://shop.example/path", False),
        ("https://Shop.example", False),
        ("*", False),
        ("https://*.shop.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_origins_that_could_never_match_are_told_at_start(mfa, origin, works):
    from ciam_mfa.settings import conf

    mfa(ORIGINS=(origin,))
    assert (conf.check() == []) is works
