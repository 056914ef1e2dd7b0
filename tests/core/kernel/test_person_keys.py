import pytest

from ciam_core.kernel.models import PersonKey
from ciam_core.kernel.secrets import SecretUnreadable, destroy_person_key, seal_for, unseal, unseal_for
from tests.racing import race

CONTEXT = "audit.details"

pytestmark = pytest.mark.django_db


def test_what_was_sealed_for_a_person_opens_for_that_person():
    sealed = seal_for("alice", b"from Lisbon", context=CONTEXT)

    assert sealed.startswith("p1:")
    assert unseal_for("alice", sealed, context=CONTEXT) == b"from Lisbon"


def test_it_opens_for_nobody_else():
    sealed = seal_for("alice", b"from Lisbon", context=CONTEXT)
    seal_for("mallory", b"", context=CONTEXT)

    with pytest.raises(SecretUnreadable):
        unseal_for("mallory", sealed, context=CONTEXT)
    with pytest.raises(SecretUnreadable):
        unseal(sealed, context=CONTEXT)


def test_it_opens_in_no_other_place():
    with pytest.raises(SecretUnreadable):
        unseal_for("alice", seal_for("alice", b"x", context=CONTEXT), context="profile.phone")


def test_a_person_has_one_key_however_often_it_is_used():
    seal_for("alice", b"x", context=CONTEXT)
    seal_for("alice", b"y", context="profile.phone")

    assert PersonKey.objects.count() == 1


def test_the_stored_key_is_wrapped_and_bound_to_its_person():
    sealed = seal_for("alice", b"x", context=CONTEXT)
    alices = PersonKey.objects.get()
    assert alices.wrapped_key.startswith(f"v1:{alices.epoch}:")
    PersonKey.objects.create(subject_id="mallory", wrapped_key=alices.wrapped_key, epoch=alices.epoch)

    with pytest.raises(SecretUnreadable):
        unseal_for("mallory", sealed, context=CONTEXT)


def test_the_ring_of_secrets_does_not_open_a_persons_key():
    seal_for("alice", b"x", context=CONTEXT)

    with pytest.raises(SecretUnreadable):
        unseal(PersonKey.objects.get().wrapped_key, context="ciam_kernel.PersonKey.alice")


def test_destroying_the_key_is_final_and_may_be_repeated():
    sealed = seal_for("alice", b"x", context=CONTEXT)
    destroy_person_key("alice")
    destroy_person_key("alice")

    with pytest.raises(SecretUnreadable, match="key does not exist"):
        unseal_for("alice", sealed, context=CONTEXT)
    seal_for("alice", b"y", context=CONTEXT)
    with pytest.raises(SecretUnreadable):
        unseal_for("alice", sealed, context=CONTEXT)


def test_destroying_one_key_leaves_the_others():
    sealed = seal_for("bob", b"x", context=CONTEXT)
    destroy_person_key("alice")

    assert unseal_for("bob", sealed, context=CONTEXT) == b"x"


def test_opening_makes_no_key():
    with pytest.raises(SecretUnreadable):
        unseal_for("alice", "p1:AAAA", context=CONTEXT)

    assert not PersonKey.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_racing_first_uses_one_key_is_kept():
    sealed = race(lambda: seal_for("alice", b"x", context=CONTEXT), times=20)

    assert PersonKey.objects.count() == 1
    assert {unseal_for("alice", each, context=CONTEXT) for each in sealed} == {b"x"}
