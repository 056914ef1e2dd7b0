"""Naming and removing, whatever kind it is."""

import pytest
from django.core import mail
from django.db import transaction

from ciam_core.kernel.assurance import Level, required_level
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.revocation import end_all_access
from ciam_mfa.events import FactorRemoved
from ciam_mfa.exceptions import AuthenticatorUnknown
from ciam_mfa.flows import remove_authenticator, rename_authenticator
from ciam_mfa.queries import authenticators_of
from tests.mfa.people import with_recovery_codes, with_totp
from tests.statements import data_statements


def names(person):
    return [own.name for own in authenticators_of(person)]


def test_who_has_a_factor_is_asked_for_it(alice, bob, phone):
    assert (required_level(alice), required_level(bob)) == (Level.AAL2, Level.AAL1)


def test_all_kinds_are_found_by_one_statement_the_strongest_first(alice):
    """Trap 7."""
    with_recovery_codes(alice)
    asked = data_statements(lambda: authenticators_of(alice))
    assert len(asked) == 1, asked
    assert [(own.factor.name, own.left) for own in authenticators_of(alice)] == [("totp", None), ("recovery_codes", 10)]


def test_an_app_is_given_another_name(alice, phone):
    rename_authenticator(alice, f"totp-{phone.pk}", name="Old phone", origin=SYSTEM)
    assert names(alice) == ["Old phone"]


@pytest.mark.parametrize("act", [rename_authenticator, remove_authenticator])
def test_nobody_touches_the_factors_of_another(alice, bob, phone, act):
    extra = {"name": "Mine"} if act is rename_authenticator else {}
    with pytest.raises(AuthenticatorUnknown):
        act(bob, f"totp-{phone.pk}", origin=SYSTEM, **extra)
    assert names(alice) == ["Phone"]


@pytest.mark.parametrize(
    "key", ["", "totp", "totp-", "totp-x", "totp-٣", "pigeon-1", "totp-" + "9" * 40, "-", "totp--1"]
)
def test_what_names_nothing_is_not_found(alice, phone, key):
    with pytest.raises(AuthenticatorUnknown):
        remove_authenticator(alice, key, origin=SYSTEM)


def test_a_removed_factor_is_told_to_its_owner(alice, phone, recorded, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        remove_authenticator(alice, f"totp-{phone.pk}", origin=SYSTEM)
    assert [event.reason for event in recorded(FactorRemoved)] == ["chosen"]
    assert [message.subject for message in mail.outbox] == ["Shop: a second factor was removed"]


def test_with_the_last_factor_go_the_codes_that_stood_in_for_it(alice, recorded):
    with_recovery_codes(alice)
    app = authenticators_of(alice)[0]
    remove_authenticator(alice, app.key, origin=SYSTEM)
    assert authenticators_of(alice) == []
    assert [event.reason for event in recorded(FactorRemoved)] == ["chosen", "alone"]


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("password_changed", ["Old", "New"]),
        ("locked_down", ["Old"]),
        ("address_change_undone", ["Old"]),
        ("address_proven_by_another", []),
        ("phone_proven_by_another", []),
    ],
)
def test_who_takes_an_account_back_is_rid_of_what_was_added_lately(alice, noon, reason, left):
    with_totp(alice, name="Old")
    noon.shift(73 * 3600)
    with_totp(alice, name="New")
    with transaction.atomic():
        end_all_access(alice, reason=reason)
    assert names(alice) == left
