"""Staff at the console in a real browser: under our policy nothing is blocked, and nothing overflows."""

import pytest
from django.urls import reverse

from ciam_core.flows import edit_profile
from ciam_core.kernel.origin import SYSTEM
from ciam_core.models import Device, Session
from tests.admin.console.test_listings import held_by
from tests.core.audit.trail import happen
from tests.factories import PASSWORD, PersonFactory

# On SQLite in memory the scripts of a page, each behind the session, lock one another out.
pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _admin(product, settings):
    settings.ROOT_URLCONF = "tests.urls"


@pytest.mark.parametrize("width", [1280, 390])
def test_staff_find_a_person_and_see_their_address_for_a_reason(site, new_browser, width):
    PersonFactory(email="root@example.org", is_staff=True, is_superuser=True)
    alice = PersonFactory(email="alice@example.org")
    edit_profile(alice, {"full_name": "Alice Moreau"}, editor="customer", origin=SYSTEM)
    happen(str(alice.pk))
    tab = signed_in(site, new_browser, width)
    tab.goto(f"{site}{reverse('admin:ciam_core_user_changelist')}")
    tab.fill("#searchbar", "alice@ex")
    tab.press("#searchbar", "Enter")
    tab.click("#result_list th a")
    assert "alice@example.org" not in tab.content()

    tab.click("text=Show personal data")
    tab.select_option("[name=reason]", "customer_request")
    tab.click("text=Show >> nth=-1")
    tab.wait_for_selector("text=alice@example.org")
    assert "Alice Moreau" in tab.content()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_staff_find_the_session_that_is_not_the_person_s_and_end_it(site, new_browser, width):
    PersonFactory(email="root@example.org", is_staff=True, is_superuser=True)
    alice = PersonFactory(email="alice@example.org")
    session, device = held_by(alice, how_many=21)
    Device.objects.filter(pk=device.pk).update(name="W" * 60)
    tab = signed_in(site, new_browser, width)
    tab.goto(f"{site}{reverse('admin:ciam_core_user_change', args=[alice.pk])}")
    tab.click("[aria-label='Show all: Latest sessions']")
    tab.click("text=Show IP addresses")
    tab.select_option("[name=reason]", "security")
    tab.click("text=Show >> nth=-1")
    tab.wait_for_selector("text=203.0.113.77 >> nth=20")
    tab.click("[aria-label='End session: Firefox on Windows'] >> nth=0")
    tab.click("input[value='End session']")
    tab.wait_for_selector("text=The session is ended.")
    assert not Session.objects.filter(pk=session.pk).exists() and Session.objects.filter(user=alice).count() == 20

    tab.goto(f"{site}{reverse('admin:ciam_core_user_reveal_devices', args=[alice.pk])}")
    tab.select_option("[name=reason]", "security")
    tab.click("text=Show >> nth=-1")
    tab.wait_for_selector(f"text={'W' * 60}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def signed_in(site, new_browser, width):
    tab = new_browser(viewport={"width": width, "height": 900}).new_page()
    tab.goto(f"{site}{reverse('admin:index')}")
    tab.fill("[name=username]", "root@example.org")
    tab.fill("[name=password]", PASSWORD)
    tab.press("[name=password]", "Enter")
    tab.wait_for_load_state()
    return tab
