from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from ciam_core.kernel.flow import flow
from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.proofs import ProofRejected, Purpose, find_by_token, issue_proof
from ciam_core.kernel.revocation import end_all_access, revokers, spared, spared_purposes

SIGN_IN = Purpose("test_sign_in", timedelta(minutes=10), link=True, code=False)
UNDO = Purpose("test_undo", timedelta(hours=72), link=True, code=False)


@pytest.fixture
def alice():
    return get_user_model()(pk=uuid7())


@pytest.fixture
def revoked():
    """What a revoker of a test was called with."""
    calls = []
    revokers.add("test", lambda user, reason: calls.append((user, reason)))
    yield calls
    revokers.remove("test")


@flow
def link_for(person, purpose):
    return issue_proof(purpose, subject_id=str(person.pk), address="alice@shop.example").token


@pytest.mark.django_db
def test_every_revoker_learns_the_person_and_the_reason(alice, revoked):
    with transaction.atomic():
        end_all_access(alice, reason="suspended")

    assert revoked == [(alice, "suspended")]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_ended(alice, revoked):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        end_all_access(alice, reason="suspended")

    assert revoked == []


@pytest.mark.django_db(transaction=True)
def test_a_revoker_that_fails_undoes_the_change(alice):
    def fail(user, reason):
        raise ConnectionError

    link = link_for(alice, SIGN_IN)
    revokers.add("test", fail)
    try:
        with pytest.raises(ConnectionError), transaction.atomic():
            end_all_access(alice, reason="suspended")
    finally:
        revokers.remove("test")

    assert find_by_token(link, SIGN_IN).used_at is None


@pytest.mark.django_db
def test_links_and_codes_end_with_the_access(alice):
    bob = get_user_model()(pk=uuid7())
    alices, bobs = link_for(alice, SIGN_IN), link_for(bob, SIGN_IN)
    with transaction.atomic():
        end_all_access(alice, reason="suspended")

    with pytest.raises(ProofRejected):
        find_by_token(alices, SIGN_IN)
    assert find_by_token(bobs, SIGN_IN).used_at is None


@pytest.mark.django_db
def test_a_link_that_takes_a_change_back_is_spared(alice):
    spared_purposes.add("test_undo", "test_undo")
    link = link_for(alice, UNDO)
    try:
        with transaction.atomic():
            end_all_access(alice, reason="password_changed")
    finally:
        spared_purposes.remove("test_undo")

    assert find_by_token(link, UNDO).used_at is None


@pytest.mark.django_db
def test_a_revoker_is_told_where_the_owner_stays(alice):
    """And nobody afterwards."""
    seen = []
    revokers.add("tests.spared", lambda user, reason: seen.append(spared()))
    try:
        with transaction.atomic():
            end_all_access(alice, reason="password_changed", spare=SYSTEM)
    finally:
        revokers.remove("tests.spared")
    assert (seen, spared()) == ([SYSTEM], None)
