"""Linking and unlinking while signed in; what a thief linked goes, nobody is told whose it is (LK3, LK4)."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ciam_core.federation.events import IdentityLinked, IdentityUnlinked
from ciam_core.federation.exceptions import LastWayIn
from ciam_core.federation.flows import unlink_identity
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.personal_data import erase_personal_data, export_personal_data
from tests.core.accounts.doors import Pages
from tests.core.accounts.mailbox import code_in, link_in, mails_to, newest_to
from tests.core.federation.ways import asked, come_back, link, sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

HERS = "alice@example.org"


@pytest.fixture
def signed_in(pages, alice):
    pages.sign_in(HERS, PASSWORD)
    return pages


@pytest.fixture
def linked(signed_in, provider):
    link(signed_in, provider)
    return SocialAccount.objects.get()


def listed(pages):
    return pages.get(reverse("ciam_linked_accounts")).content.decode()


def test_an_account_is_linked_and_its_owner_told(provider, signed_in, alice, recorded):
    assert "None yet" in listed(signed_in)
    assert link(signed_in, provider).url == reverse("ciam_linked_accounts")
    assert "There is linked." in listed(signed_in)
    assert SocialAccount.objects.get().user == alice
    assert recorded(IdentityLinked)[0].subject_id == str(alice.pk)
    assert "an account at There signs in to your account" in newest_to(HERS).body
    again = Pages()
    sign_in(again, provider)
    assert again.is_signed_in()


def test_its_address_need_not_be_hers_nor_confirmed(provider, signed_in, alice):
    """She has proven both; the address opens nothing and is not added."""
    provider.person = {"sub": "alice-there", "email": "elsewhere@example.net", "email_verified": False}
    link(signed_in, provider)
    assert SocialAccount.objects.get().user == alice
    assert EmailAddress.objects.count() == 1


def test_a_second_time_changes_nothing(provider, signed_in, linked):
    link(signed_in, provider)
    assert SocialAccount.objects.count() == 1
    assert len(mails_to(HERS)) == 1


def test_linking_is_posted(provider, signed_in):
    """LK4."""
    assert signed_in.get(reverse("ciam_link_account", args=["there"])).status_code == 405


def test_linking_needs_the_token_of_the_page(provider, alice):
    """LK4."""
    strict = Pages(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.go("ciam_link_account", {}, "there").status_code == 403


@pytest.mark.parametrize(("name", "args"), [("ciam_link_account", ["there"]), ("ciam_unlink_account", [1])])
def test_both_ask_for_a_recent_sign_in(provider, signed_in, time_machine, name, args):
    """LK3, LK4."""
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert reverse("ciam_reauthenticate") in signed_in.go(name, {}, *args).url


def test_both_ask_for_a_sign_in(provider, pages):
    for name, args in (("ciam_link_account", ["there"]), ("ciam_unlink_account", [1])):
        assert reverse("ciam_sign_in") in pages.go(name, {}, *args).url


def test_who_came_back_must_be_who_set_out(provider, signed_in, mallory):
    sent = asked(signed_in.go("ciam_link_account", {}, "there"))
    answer = {"code": provider.code_for(sent["nonce"]), "state": sent["state"]}
    key = signed_in.session["socialaccount_states"]
    signed_in.sign_out()
    signed_in.sign_in(mallory.email, PASSWORD)
    session = signed_in.session
    session["socialaccount_states"] = key
    session.save()
    assert come_back(signed_in, answer).status_code == 400
    assert not SocialAccount.objects.exists()


def test_nobody_signed_in_gets_nothing_linked(provider, signed_in, pages):
    sent = asked(signed_in.go("ciam_link_account", {}, "there"))
    signed_in.cookies.clear()
    assert come_back(signed_in, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]}).status_code == 400
    assert not SocialAccount.objects.exists()


def test_an_account_that_is_somebody_else_s_is_refused_without_telling_whose(provider, signed_in, mallory):
    thief = Pages()
    thief.sign_in(mallory.email, PASSWORD)
    link(thief, provider)
    answer = link(signed_in, provider)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "linked to another one here" in text
    assert mallory.email not in text and HERS not in text
    assert SocialAccount.objects.get().user == mallory


def test_unlinking(provider, signed_in, linked, recorded):
    signed_in.go("ciam_unlink_account", {}, linked.pk)
    assert not SocialAccount.objects.exists()
    assert recorded(IdentityUnlinked)[-1].reason == "chosen"
    assert newest_to(HERS).subject == "Shop: There is unlinked"
    again = Pages()
    sign_in(again, provider)
    assert not again.is_signed_in()


def test_nobody_unlinks_somebody_else_s(provider, linked, mallory):
    thief = Pages()
    thief.sign_in(mallory.email, PASSWORD)
    thief.go("ciam_unlink_account", {}, linked.pk)
    assert SocialAccount.objects.filter(pk=linked.pk).exists()


def test_a_proven_address_is_a_way_in_too(provider, signed_in, linked, alice):
    alice.set_unusable_password()
    alice.save()
    unlink_identity(alice, linked.pk, origin=SYSTEM)
    assert not SocialAccount.objects.exists()


def test_the_last_way_in_stays(linked, alice):
    alice.set_unusable_password()
    alice.save()
    EmailAddress.objects.filter(user=alice).update(verified=False)
    with pytest.raises(LastWayIn):
        unlink_identity(alice, linked.pk, origin=SYSTEM)
    SocialAccount.objects.create(user=alice, provider="gone", uid="x")
    with pytest.raises(LastWayIn):
        unlink_identity(alice, linked.pk, origin=SYSTEM)
    assert SocialAccount.objects.filter(pk=linked.pk).exists()


def test_what_a_thief_linked_goes_when_she_locks_her_account(provider, signed_in, linked, recorded):
    signed_in_too = Pages()
    sign_in(signed_in_too, provider)
    Pages().use_link(link_in(newest_to(HERS)))
    assert not SocialAccount.objects.exists()
    assert not signed_in_too.is_signed_in()
    assert recorded(IdentityUnlinked)[0].reason == "locked_down"


def test_what_she_linked_long_ago_stays(provider, signed_in, linked, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=73))
    pages = Pages()
    pages.sign_in(HERS, PASSWORD)
    pages.change_password(PASSWORD, "a new horse every day")
    Pages().use_link(link_in(newest_to(HERS)))
    assert SocialAccount.objects.filter(pk=linked.pk).exists()


def test_what_a_thief_linked_goes_when_she_takes_her_address_back(provider, signed_in, linked):
    signed_in.go("ciam_change_address", {"email": "mallory@example.net"})
    signed_in.confirm_address(code_in(newest_to("mallory@example.net")))
    Pages().use_link(link_in(newest_to(HERS)))
    assert not SocialAccount.objects.exists()


def test_it_goes_as_long_as_she_may_take_her_address_back(provider, signed_in, core, linked, time_machine):
    core(UNDO_LIFETIME=timedelta(days=10))
    signed_in.go("ciam_change_address", {"email": "mallory@example.net"})
    signed_in.confirm_address(code_in(newest_to("mallory@example.net")))
    time_machine.move_to(timezone.now() + timedelta(days=9))
    Pages().use_link(link_in(newest_to(HERS)))
    assert not SocialAccount.objects.exists()


def test_what_a_stranger_linked_goes_when_the_owner_proves_the_address(provider, bob, pages):
    """LK2, from the other side."""
    SocialAccount.objects.create(user=bob, provider="there", uid="stranger")
    pages.ask_for_code(bob.email)
    pages.enter_code(code_in(newest_to(bob.email)))
    assert pages.is_signed_in()
    assert not SocialAccount.objects.exists()


def test_it_is_exported_and_erased(linked, alice):
    [row] = export_personal_data(str(alice.pk))["socialaccount.SocialAccount"]
    assert (row["provider"], row["subject"]) == ("there", "alice-there")
    erase_personal_data(str(alice.pk))
    assert not SocialAccount.objects.exists()


def test_the_admin_offers_no_way_around_the_flows():
    """LK8."""
    assert not [model for model in admin.site._registry if model._meta.app_label == "socialaccount"]


def test_the_page_costs_the_same_for_one_and_for_many(provider, signed_in, linked, alice):
    """Invariant 9."""

    def statements():
        with CaptureQueriesContext(connection) as seen:
            listed(signed_in)
        return len(seen)

    one = statements()
    for number in range(5):
        SocialAccount.objects.create(user=alice, provider="there", uid=str(number))
    assert statements() == one


def test_it_is_a_row_of_sign_in_and_security(provider, signed_in, linked):
    page = signed_in.get(reverse("ciam_security")).content.decode()
    assert "Linked accounts" in page and "There" in page and reverse("ciam_linked_accounts") in page


def test_recovery_tells_of_an_account_elsewhere_that_was_linked_lately_and_takes_it_back(linked, alice):
    """It may be a thief's, and signs in."""
    owner = Pages()
    owner.ask_for_recovery(HERS)
    owner.recover(code_in(newest_to(HERS)), "three ducks on a wooden pier")
    assert "come back with: There a•••••@e•••.org. If" in newest_to(HERS).body
    owner.use_link(link_in(newest_to(HERS)))
    assert not SocialAccount.objects.exists()


def test_no_link_to_a_provider_can_be_told_from_another(signed_in, provider):
    """LK7: of one person, one session and one moment."""
    with time_machine.travel(timezone.now(), tick=False):
        sent = [asked(signed_in.go("ciam_link_account", {}, "there")) for _ in range(20)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name] for one in sent}) == 20
        assert all(len(one[name]) == 43 for one in sent), name
