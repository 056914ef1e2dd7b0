"""Signing in and up with an account elsewhere: whose identity it is, and who may open an account with it (LK1-LK3)."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.urls import reverse

from ciam_core.audit.models import AuditEvent
from ciam_core.events import AccountRegistered, AddressVerified, SignedIn
from ciam_core.exceptions import SignInRefused
from ciam_core.federation.events import IdentityLinked
from ciam_core.flows import sign_in_with_password
from ciam_core.kernel.origin import SYSTEM
from tests.core.accounts.doors import App, Pages
from tests.core.accounts.mailbox import code_in, mails_to, newest_to
from tests.core.federation.providers import CLIENT, consents, knows
from tests.core.federation.ways import come_back, declared, sign_in, start, where
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

HERS = "alice@example.org"


def people():
    return get_user_model().objects.count()


def test_the_first_time_at_a_trusted_provider_opens_an_account(provider, pages, recorded):
    assert sign_in(pages, provider).url == reverse("ciam_overview")
    assert pages.is_signed_in()
    person = get_user_model().objects.get(email=HERS)
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    assert [len(recorded(kind)) for kind in (AccountRegistered, AddressVerified, IdentityLinked)] == [1, 1, 1]
    assert recorded(SignedIn)[0].methods == ("socialaccount",)
    assert AuditEvent.objects.filter(name="identity.linked").count() == 1


def test_the_second_time_is_the_same_person(provider, pages):
    sign_in(pages, provider)
    again = Pages()
    sign_in(again, provider)
    assert again.is_signed_in()
    assert people() == SocialAccount.objects.count() == 1


def test_it_leads_to_where_the_person_was_going(provider, pages):
    assert sign_in(pages, provider, next="/accounts/profile/").url == "/accounts/profile/"
    other = Pages()
    assert sign_in(other, provider, next="https://evil.example/").url == reverse("ciam_overview")


def test_the_subject_counts_and_not_the_address(provider, pages):
    """LK5: the same person with another address, another with the same."""
    sign_in(pages, provider)
    provider.person = {**provider.person, "email": "renamed@example.org"}
    sign_in(Pages(), provider)
    assert people() == 1
    provider.person = {"sub": "somebody-else", "email": HERS, "email_verified": True}
    thief = Pages()
    assert sign_in(thief, provider).url == reverse("ciam_federation_continue")
    assert not thief.is_signed_in()


def test_nothing_of_the_provider_is_stored_but_who_it_is(provider, pages):
    provider.person |= {"name": "Alice Secret", "picture": "https://there.example/alice.png"}
    sign_in(pages, provider)
    row = SocialAccount.objects.get()
    assert row.extra_data == {"issuer": provider.issuer, "address": "a•••••@e•••.org"}
    assert (row.provider, row.uid) == ("there", "alice-there")
    assert not row.socialtoken_set.exists()


def test_an_address_that_has_an_account_is_not_linked_by_itself(provider, pages, alice):
    """LK3: a trusted provider's word is no sign-in to an account that is there already."""
    answer = pages.get(sign_in(pages, provider).url)
    assert "You have an account already" in answer.content.decode()
    assert not pages.is_signed_in()
    assert not SocialAccount.objects.exists()


def test_she_signs_in_once_and_says_yes(provider, pages, alice, recorded):
    sign_in(pages, provider)
    finish = reverse("ciam_federation_finish")
    pages.go("ciam_sign_in", {"email": HERS, "password": PASSWORD, "next": finish})
    assert not SocialAccount.objects.exists()
    assert "a•••••@e•••.org" in pages.get(finish).content.decode()
    pages.post(finish, {"link": "yes"})
    assert SocialAccount.objects.get().user == alice
    assert newest_to(HERS).subject == "Shop: There is linked"
    again = Pages()
    sign_in(again, provider)
    assert again.is_signed_in()


def test_she_may_say_no(provider, pages, alice):
    sign_in(pages, provider)
    pages.sign_in(HERS, PASSWORD)
    pages.go("ciam_federation_finish")
    assert not SocialAccount.objects.exists()
    assert pages.get(reverse("ciam_federation_finish")).url == reverse("ciam_linked_accounts")


def test_what_waits_is_forgotten_after_half_an_hour(provider, pages, alice, time_machine):
    time_machine.move_to("2026-01-01 10:00")
    sign_in(pages, provider)
    time_machine.move_to("2026-01-01 10:31")
    assert pages.get(reverse("ciam_federation_continue")).url == reverse("ciam_sign_in")


@pytest.mark.parametrize("changed", [{}, {"there": declared("https://elsewhere.example")}], ids=["gone", "moved"])
def test_what_waits_is_refused_once_its_provider_is_not_ours_any_more(provider, pages, alice, settings, changed):
    """LK12: or whoever was let down by it would still be believed for half an hour."""
    sign_in(pages, provider)
    app = App()
    nonce = app.call("post", "auth/provider/nonce").json()["data"]["nonce"]
    token = {"id_token": provider.id_token(nonce)}
    app.call("post", "auth/provider/token", {"provider": "there", "process": "login", "token": token})
    assert app.call("get", "auth/provider/signup").status_code == 200
    settings.CIAM_FEDERATION = {"PROVIDERS": changed}
    assert app.call("get", "auth/provider/signup").status_code == 409
    assert pages.get(reverse("ciam_federation_continue")).url == reverse("ciam_sign_in")
    pages.sign_in(HERS, PASSWORD)
    assert pages.go("ciam_federation_finish", {"link": "yes"}).url == reverse("ciam_linked_accounts")
    assert not SocialAccount.objects.exists()


def test_coming_in_with_an_identity_opens_the_password_again(provider, alice):
    """As coming in by mail and by text does: wrong passwords of before no longer count."""
    SocialAccount.objects.create(
        user=alice, provider="there", uid="alice-there", extra_data={"issuer": provider.issuer}
    )
    for _ in range(3):
        with pytest.raises(SignInRefused):
            sign_in_with_password(HERS, password="wrong", origin=SYSTEM)
    sign_in(Pages(), provider)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in_with_password(HERS, password="wrong", origin=SYSTEM)


@pytest.mark.parametrize("claim", [False, None, "false", "yes", 1, "TRUE"])
def test_an_unconfirmed_address_opens_nothing(provider, pages, claim):
    """LK1."""
    provider.person["email_verified"] = claim
    assert sign_in(pages, provider).url == reverse("ciam_federation_continue")
    assert people() == 0


def test_an_issuer_is_not_believed_about_addresses_unless_it_is_trusted_for_it(provider, pages, declare):
    """LK1: by default not."""
    declare(trust_email=False)
    assert sign_in(pages, provider).url == reverse("ciam_federation_continue")
    assert people() == 0


def test_a_mailed_code_proves_it_and_then_she_says_yes(provider, pages, declare):
    declare(trust_email=False)
    form = pages.get(sign_in(pages, provider).url).content.decode()
    assert f'value="{HERS}"' in form and 'type="password"' not in form
    pages.go("ciam_federation_continue", {"email": HERS})
    assert not pages.is_signed_in()
    assert pages.verify(code_in(newest_to(HERS))).url == reverse("ciam_federation_finish")
    pages.go("ciam_federation_finish", {"link": "yes"})
    assert SocialAccount.objects.get().user.email == HERS


def test_a_stranger_learns_of_no_account(provider, declare, alice):
    """EN6: the same pages, whether the claimed address has an account or not."""
    declare(trust_email=False)
    seen = []
    for address in (HERS, "nobody@example.org"):
        provider.person = {"sub": address, "email": address, "email_verified": True}
        pages = Pages()
        before = pages.get(sign_in(pages, provider).url).content.decode().replace(address, "")
        answer = pages.go("ciam_federation_continue", {"email": address})
        after = pages.get(answer.url).content.decode()
        seen.append((len(before), answer.status_code, answer.url, "Check your" in after))
    assert seen[0] == seen[1]
    assert not SocialAccount.objects.exists()


def test_the_owner_takes_an_account_that_a_stranger_opened_in_her_name(provider, pages, bob):
    """LK2: what the stranger set stops working."""
    provider.person = {"sub": "bob-there", "email": bob.email, "email_verified": True}
    sign_in(pages, provider)
    assert pages.is_signed_in()
    bob.refresh_from_db()
    assert not bob.has_usable_password()
    assert SocialAccount.objects.get().user == bob
    stranger = Pages()
    stranger.sign_in(bob.email, PASSWORD)
    assert not stranger.is_signed_in()


def test_a_suspended_person_is_not_let_in(provider, pages, suspended):
    """SE3: whatever the provider says."""
    SocialAccount.objects.create(
        user=suspended, provider="there", uid="alice-there", extra_data={"issuer": provider.issuer}
    )
    assert sign_in(pages, provider).url == reverse("ciam_inactive")
    assert not pages.is_signed_in()


def test_who_has_not_proven_an_address_proves_it_first(provider, pages, bob):
    """Invariant 1: every stage is asked on this door too."""
    SocialAccount.objects.create(user=bob, provider="there", uid="alice-there", extra_data={"issuer": provider.issuer})
    assert sign_in(pages, provider).url == reverse("ciam_verify_address")
    assert not pages.is_signed_in()


def test_a_host_that_is_closed_stays_closed(provider, pages, core):
    core(ADAPTER="tests.core.accounts.adapters.Closed")
    assert sign_in(pages, provider).status_code == 403
    assert people() == 0


def test_what_sign_up_asks_for_is_asked(provider, pages, core):
    core(PROFILE={"full_name": {"label": "Full name", "required": "sign_up"}})
    page = pages.get(sign_in(pages, provider).url).content.decode()
    assert 'name="full_name"' in page and 'name="email"' not in page
    assert people() == 0
    pages.go("ciam_federation_continue", {"full_name": "Alice"})
    assert pages.is_signed_in()
    assert people() == SocialAccount.objects.count() == 1


def test_the_session_gets_another_id(provider, pages):
    """SE1."""
    sent = start(pages)
    before = pages.cookies["session"].value
    come_back(pages, {"code": provider.code_for(sent["nonce"]), "state": sent["state"]})
    assert pages.cookies["session"].value != before


def test_a_provider_that_is_no_longer_declared_signs_nobody_in(provider, pages, settings):
    """LK12."""
    sign_in(pages, provider)
    other = Pages()
    sent = start(other)
    settings.CIAM_FEDERATION = {}
    code = provider.code_for(sent["nonce"])
    assert come_back(other, {"code": code, "state": sent["state"]}).status_code == 404
    assert not other.is_signed_in()
    assert "there" in pages.get(reverse("ciam_linked_accounts")).content.decode()


def test_a_provider_that_names_another_issuer_is_another(provider, pages, declare):
    """LK9: the id in the settings is ours, the subjects are the issuer's."""
    sign_in(pages, provider)
    SocialAccount.objects.update(extra_data={"issuer": "https://former.example"})
    other = Pages()
    sign_in(other, provider)
    assert not other.is_signed_in()


def test_only_what_is_needed_is_asked_for(provider, pages):
    """10.2.3, 10.1.2: PKCE, state and nonce, each of 256 bits and new every time."""
    first, second = start(pages), start(pages)
    assert first["scope"] == "openid email"
    assert (first["response_type"], first["code_challenge_method"], first["client_id"]) == ("code", "S256", CLIENT)
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43 and first[name] != second[name]
    assert first["redirect_uri"] == "http://testserver/accounts/social/there/callback/"


def test_the_secret_and_the_verifier_go_to_the_provider_alone(provider, pages):
    answer = pages.go("ciam_federation_start", {}, "there")
    assert "verifier" not in answer.content.decode()
    sign_in(pages, provider)
    form, authorization = provider.sent[0]
    assert len(form["code_verifier"]) == 43
    assert authorization.startswith("Basic ") and "client_secret" not in form


def test_an_address_told_at_userinfo_counts(provider, pages):
    provider.told_address = False
    sign_in(pages, provider)
    assert get_user_model().objects.get().email == HERS


def test_with_a_real_provider(issuer, settings, pages):
    """From the button to the session, the provider a process of its own."""
    knows(issuer, "alice-real", email=HERS, email_verified=True)
    settings.CIAM_FEDERATION = {"PROVIDERS": {"there": declared(issuer, trust_email=True)}}
    back = consents(where(pages.go("ciam_federation_start", {}, "there")), "alice-real")
    assert pages.get(back).url == reverse("ciam_overview")
    assert pages.is_signed_in()
    assert not mails_to(HERS)


def test_a_code_of_the_real_provider_works_once(issuer, settings, pages):
    knows(issuer, "alice-real", email=HERS, email_verified=True)
    settings.CIAM_FEDERATION = {"PROVIDERS": {"there": declared(issuer, trust_email=True)}}
    back = consents(where(pages.go("ciam_federation_start", {}, "there")), "alice-real")
    pages.get(back)
    thief = Pages()
    state = start(thief)["state"]
    code = back.partition("code=")[2].partition("&")[0]
    assert come_back(thief, {"code": code, "state": state}).status_code == 400
    assert not thief.is_signed_in()
