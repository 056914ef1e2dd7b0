"""An account that has a number and no address, from sign-up to erasure."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from ciam_core.accounts.exceptions import AddressKept
from ciam_core.accounts.phones.flows import remove_phone
from ciam_core.accounts.phones.queries import person_at_number, phones_of
from ciam_core.accounts.queries import addresses_of, has_proven_contact
from ciam_core.accounts.urls import urlpatterns
from ciam_core.events import PhoneVerified, SignedIn
from ciam_core.exceptions import PhoneKept, SignInRefused
from ciam_core.flows import (
    add_address,
    erase,
    make_primary,
    recover,
    register_by_phone,
    remove_address,
    request_recovery_by_phone,
    schedule_deletion,
    sign_in_with_password,
    verify_address,
)
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.personal_data import export_personal_data
from ciam_core.kernel.proofs import ProofRejected
from ciam_core.messages.limits import MESSAGE_BUDGETS
from tests.core.accounts.mailbox import link_in, newest_to
from tests.core.accounts.phones.conftest import HERS, OTHER, PhonePages
from tests.factories import PASSWORD
from tests.texts import code_to, texts_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_number")]

NEW = "three ducks on a wooden pier"


def test_a_number_signs_up_is_proven_and_signs_in(door, recorded):
    door.sign_up_by_phone(HERS, PASSWORD)
    assert door.waits_for_a_number()
    assert not door.is_signed_in()
    door.verify_number(code_to(HERS))
    assert door.is_signed_in()
    door.sign_out()
    door.sign_in(HERS, PASSWORD)
    assert door.is_signed_in()
    assert [event.methods for event in recorded(SignedIn)] == [("password",), ("password",)]
    assert len(recorded(PhoneVerified)) == 1
    assert not mail.outbox


def test_an_account_without_a_password_is_opened_by_text(by_number):
    register_by_phone(HERS, password=None, binding="", origin=SYSTEM)
    pages = PhonePages()
    pages.ask_for_text(HERS)
    pages.enter_code(code_to(HERS))
    assert pages.is_signed_in()
    assert has_proven_contact(person_at_number(HERS))


def test_nobody_comes_in_before_the_number_is_proven(door, nora):
    """Whichever door: the password is right, and the code is asked for all the same."""
    phones_of(nora).update(verified_at=None)
    door.sign_in(HERS, PASSWORD)
    assert not door.is_signed_in()
    assert door.waits_for_a_number()
    door.verify_number(code_to(HERS))
    assert door.is_signed_in()


def test_the_admin_s_door_asks_for_it_too(client, nora):
    phones_of(nora).update(verified_at=None)
    assert not client.login(username=HERS, password=PASSWORD)
    phones_of(nora).update(verified_at="2026-01-01T00:00Z")
    assert client.login(username=HERS, password=PASSWORD)


def test_the_code_is_sent_again_and_the_one_before_ends(door):
    door.sign_up_by_phone(HERS, PASSWORD)
    first = code_to(HERS)
    door.ask_for_text_again()
    assert len(texts_to(HERS)) == 2
    if first != code_to(HERS):
        door.verify_number(first)
        assert not door.is_signed_in()
    door.verify_number(code_to(HERS))
    assert door.is_signed_in()


def test_the_form_sent_again_counts_with_its_newer_password(door):
    door.sign_up_by_phone(HERS, PASSWORD)
    door.sign_up_by_phone("+44 7911 123456", NEW)
    door.verify_number(code_to(HERS))
    door.sign_out()
    door.sign_in(HERS, NEW)
    assert door.is_signed_in()


def test_without_a_sign_up_that_waits_there_is_nothing_to_send(client):
    for path in ("auth/phone/verify/resend", "auth/phone/verify"):
        sent = client.post(f"/_allauth/browser/v1/{path}", {"code": "000000"}, "application/json")
        assert sent.status_code == 409


def test_the_password_comes_back_by_text_and_ends_what_was_open(door, nora):
    elsewhere = type(door)()
    elsewhere.sign_in(HERS, PASSWORD)
    door.recover_by_phone(HERS)
    door.recover(code_to(HERS), NEW)
    assert door.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert "your password was changed" in texts_to(HERS)[-1]
    with pytest.raises(SignInRefused):
        sign_in_with_password(HERS, password=PASSWORD, origin=SYSTEM)


def test_recovery_opens_the_password_again(nora, settings):
    """The owner came in another way: what strangers guessed no longer counts."""
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PASSWORD_FREE_TRIES": 2, "PASSWORD_CEILING": 3}
    stranger = Origin(channel=Channel.BROWSER, address="203.0.113.9")
    for _ in range(2):
        with pytest.raises(SignInRefused):
            sign_in_with_password(HERS, password="wrong", origin=stranger)
    recover(request_recovery_by_phone(HERS, origin=SYSTEM), password=NEW, origin=SYSTEM)
    for _ in range(2):
        with pytest.raises(SignInRefused):
            sign_in_with_password(HERS, password="wrong", origin=stranger)


def test_an_added_address_makes_it_an_account_like_every_other(door, nora):
    door.sign_in(HERS, PASSWORD)
    door.add_address("nora@example.org")
    assert "was added to your account" in texts_to(HERS)[-1]
    proof = add_address_proof(nora)
    verify_address(proof, origin=SYSTEM)
    nora.refresh_from_db()
    assert nora.email == "nora@example.org"
    with pytest.raises(ProofRejected):  # what a number alone opened
        recover(request_recovery_by_phone(HERS, origin=SYSTEM), password=NEW, origin=SYSTEM)
    door.change_password(PASSWORD, NEW)
    assert link_in(newest_to("nora@example.org"))


def add_address_proof(user):
    addresses_of(user).delete()
    return add_address(user, "nora@example.org", binding="", origin=SYSTEM)


def test_the_last_proven_contact_is_kept(nora, settings):
    number = phones_of(nora).get()
    with pytest.raises(PhoneKept):
        remove_phone(nora, number.pk, origin=SYSTEM)
    verify_address(add_address_proof(nora), origin=SYSTEM)
    nora.refresh_from_db()
    remove_phone(nora, number.pk, origin=SYSTEM)
    with pytest.raises(AddressKept):
        remove_address(nora, addresses_of(nora).get().pk, origin=SYSTEM)


def test_the_last_address_goes_where_a_number_opens_the_account(nora, settings):
    verify_address(add_address_proof(nora), origin=SYSTEM)
    nora.refresh_from_db()
    address = addresses_of(nora).get()
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_in"}
    with pytest.raises(AddressKept):
        remove_address(nora, address.pk, origin=SYSTEM)
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_up"}
    remove_address(nora, address.pk, origin=SYSTEM)
    nora.refresh_from_db()
    assert nora.email is None
    assert sign_in_with_password(HERS, password=PASSWORD, origin=SYSTEM) == nora


def test_who_lost_the_last_address_to_a_thief_takes_it_back(alice, phone, django_capture_on_commit_callbacks):
    """The mail that tells of the removal goes to what is removed, and its link brings it back."""
    with django_capture_on_commit_callbacks(execute=True):
        remove_address(alice, addresses_of(alice).get().pk, origin=SYSTEM)
    PhonePages().use_link(link_in(newest_to("alice@example.org")))
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert not phones_of(alice).exists()


def test_who_has_no_password_shows_again_who_they_are_by_text(door, nora, time_machine):
    nora.set_unusable_password()
    nora.save()
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    if isinstance(door, PhonePages):
        door.go("ciam_send_reauthentication_code")
        assert code_page_speaks_of_a_text(door)
        door.go("ciam_reauthenticate", {"code": code_to(HERS)})
    else:
        door.call("post", "auth/reauthenticate/code")
        door.call("post", "auth/reauthenticate", {"code": code_to(HERS)})
    door.add_address("nora@example.org")
    assert addresses_of(nora).exists()


def code_page_speaks_of_a_text(door):
    return b"We sent a text message" in door.get(reverse("ciam_reauthenticate")).content


@pytest.mark.parametrize("name", [own.name for own in urlpatterns if not own.pattern.converters])
def test_every_page_stands_without_an_address(name, nora):
    pages = PhonePages()
    pages.sign_in(HERS, PASSWORD)
    page = pages.get(reverse(name))
    assert page.status_code in (200, 302, 400, 405)  # 400: the page of a link, without one
    assert b"<bdi></bdi>" not in page.content
    assert b"None</" not in page.content or name in ("ciam_overview", "ciam_security")


def test_the_overview_says_what_there_is_and_what_to_add(nora):
    pages = PhonePages()
    pages.sign_in(HERS, PASSWORD)
    shown = pages.get(reverse("ciam_overview")).content.decode()
    assert shown.count("+44\u00a0•••••\u00a056") >= 1
    nora.set_unusable_password()
    nora.save()
    pages.ask_for_text(HERS)
    pages.enter_code(code_to(HERS))
    assert "sign in with a code by text" in pages.get(reverse("ciam_security")).content.decode()


def test_leaving_export_and_erasure_miss_no_address(nora):
    assert HERS in str(export_personal_data(str(nora.pk)))
    schedule_deletion(nora, origin=SYSTEM)
    pages = PhonePages()
    pages.ask_for_text(HERS)
    pages.enter_code(code_to(HERS))
    pages.go("ciam_come_back")
    assert pages.is_signed_in()
    nora.refresh_from_db()
    erase(nora, actor=None, origin=SYSTEM)
    assert not mail.outbox


def test_what_is_not_on_is_not_there(settings, client):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "sign_in"}
    for name in ("ciam_sign_up_by_phone", "ciam_recover_by_phone"):
        assert client.get(reverse(name)).status_code == 404
    for name in ("ciam_sign_up", "ciam_recover"):
        assert b"number" not in client.get(reverse(name)).content
    for path, given in (("signup", {"phone": HERS}), ("password/request", {"phone": HERS})):
        sent = client.post(f"/_allauth/browser/v1/auth/{path}", given, "application/json")
        assert sent.status_code == 404
    with pytest.raises(NotFoundError):
        register_by_phone(HERS, password=None, binding="", origin=SYSTEM)


def test_a_text_that_is_over_the_budget_holds_no_change_up(nora, settings):
    """The notice is left out: a stranger who spends the budget of a number must not keep its owner from acting."""
    spent = {**dict.fromkeys(MESSAGE_BUDGETS), "sms.recipient": MESSAGE_BUDGETS["sms.recipient"]}
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": spent}
    for _ in range(4):
        request_recovery_by_phone(HERS, origin=SYSTEM)
    pages = PhonePages()
    pages.sign_in(HERS, PASSWORD)
    pages.change_password(PASSWORD, NEW)
    assert sign_in_with_password(HERS, password=NEW, origin=SYSTEM) == nora


def test_a_second_address_becomes_primary_as_ever(nora):
    verify_address(add_address_proof(nora), origin=SYSTEM)
    nora.refresh_from_db()
    verify_address(add_address(nora, "second@example.org", binding="", origin=SYSTEM), origin=SYSTEM)
    make_primary(nora, addresses_of(nora).get(email="second@example.org").pk, origin=SYSTEM)
    assert sign_in_with_password("second@example.org", password=PASSWORD, origin=SYSTEM) == nora
    assert OTHER not in [row.number for row in phones_of(nora)]


def test_staff_see_somebody_without_an_address_by_their_number(nora, client):
    staff = get_user_model().objects.create_superuser("staff@example.org", PASSWORD)
    client.login(username=staff.email, password=PASSWORD)
    listed = client.get(reverse("admin:ciam_core_user_changelist"), {"q": HERS}).content.decode()
    assert str(nora.pk) in listed
    page = client.get(reverse("admin:ciam_core_user_change", args=[nora.pk]))
    assert page.status_code == 200
    assert "+44\u00a0•••••\u00a056" in page.content.decode()
