"""Social sign-in in a real Chromium, with a real provider in a process of its own, under the policy we ship."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from ciam_core.federation.relying_party import metadata
from tests.browser.customer import ADDRESS, Customer
from tests.core.federation.providers import knows, real_provider
from tests.core.federation.ways import declared
from tests.journeys.mailbox import newest_code, newest_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as url:
        yield url


@pytest.fixture(autouse=True)
def offered(product: None, issuer: str, settings: Any) -> Iterator[None]:
    metadata.forget()
    settings.CIAM_FEDERATION = {"PROVIDERS": {"acme": declared(issuer, name="Acme", trust_email=True)}}
    yield
    metadata.forget()


@pytest.fixture
def new_customer(new_customer: Callable[..., Customer]) -> Callable[..., Customer]:
    """At a browser that gets the provider's own stylesheet, which it fetches from elsewhere, without the network."""

    def come(**options: Any) -> Customer:
        customer = new_customer(**options)
        customer.tab.context.route(
            "https://cdn.jsdelivr.net/**", lambda route: route.fulfill(content_type="text/css", body="")
        )
        return customer

    return come


def at_the_provider(customer: Customer, issuer: str, subject: str) -> None:
    """The way there is a page of ours that leads on by itself; there they say who they are."""
    customer.tab.wait_for_url(f"{issuer}/**")
    customer.tab.locator("input[name=sub]").first.fill(subject)
    customer.tab.locator("button[type=submit]").first.click()
    customer.tab.wait_for_url(f"{customer.site}/**")


def test_sign_in_unlink_link_and_sign_in_again(alice: Customer, issuer: str) -> None:
    knows(issuer, "alice", email=ADDRESS, email_verified=True)
    alice.open("ciam_sign_in")
    alice.tab.get_by_role("button", name="Continue with Acme").click()
    at_the_provider(alice, issuer, "alice")
    assert alice.at == "ciam_overview"
    alice.follow("Sign-in and security")
    alice.tab.locator(f'a[href="{reverse("ciam_linked_accounts")}"]').click()
    alice.reads("a•••••@e•••.org")
    alice.press("Unlink")
    alice.reads("It is unlinked.")
    alice.reads("None yet.")
    alice.tab.get_by_role("button", name="Link Acme").click()
    at_the_provider(alice, issuer, "alice")
    assert alice.at == "ciam_linked_accounts"
    alice.reads("Acme is linked.")
    assert "an account at Acme signs in" in newest_mail(ADDRESS).body
    alice.sign_out()
    alice.tab.get_by_role("button", name="Continue with Acme").click()
    at_the_provider(alice, issuer, "alice")
    assert alice.at == "ciam_overview"


def test_somebody_with_an_account_proves_it_and_links(alice: Customer, issuer: str) -> None:
    alice.has_account()
    knows(issuer, "alice-two", email=ADDRESS, email_verified=True)
    alice.open("ciam_sign_up")
    alice.tab.get_by_role("button", name="Continue with Acme").click()
    at_the_provider(alice, issuer, "alice-two")
    assert alice.at == "ciam_federation_continue"
    alice.reads("You have an account already")
    alice.follow("Email me a sign-in code")
    alice.send(email=ADDRESS)
    alice.send(code=newest_code(ADDRESS))
    assert alice.at == "ciam_federation_finish"
    alice.press("Link Acme")
    assert SocialAccount.objects.get().uid == "alice-two"


def test_it_works_without_javascript(new_customer: Callable[..., Customer], issuer: str) -> None:
    alice = new_customer(java_script_enabled=False)
    knows(issuer, "alice-three", email="three@example.org", email_verified=True)
    alice.open("ciam_sign_in")
    alice.tab.get_by_role("button", name="Continue with Acme").click()
    at_the_provider(alice, issuer, "alice-three")
    assert alice.at == "ciam_overview"


def test_the_way_back_does_not_lead_there_again(alice: Customer, issuer: str) -> None:
    """The page that leads on takes no place in the history."""
    alice.open("ciam_sign_in")
    alice.tab.get_by_role("button", name="Continue with Acme").click()
    alice.tab.wait_for_url(f"{issuer}/**")
    alice.tab.go_back()
    assert alice.at == "ciam_sign_in"
