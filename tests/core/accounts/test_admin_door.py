"""The admin is a door like the others: it lets nobody in, and nothing through, that they would refuse."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import authenticate
from django.urls import NoReverseMatch, reverse

from ciam_core.accounts.admin import close_side_doors
from ciam_core.adapters import CoreAdapter
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db


class Closed(CoreAdapter):
    def may_sign_in(self, user, *, origin):
        return False


@pytest.fixture
def staff(db):
    return PersonFactory(email="root@example.org", is_staff=True, is_superuser=True)


def enters(client, person):
    client.post(reverse("admin:login"), {"username": person.email, "password": PASSWORD})
    return client.get(reverse("admin:index")).status_code == 200


def test_staff_come_in(client, staff):
    assert enters(client, staff)


def test_nobody_comes_in_without_a_proven_address(client):
    assert not enters(client, PersonFactory(is_staff=True, unproven=True))


def test_nobody_comes_in_whom_the_host_refuses(client, staff, core):
    core(ADAPTER=f"{__name__}.Closed")
    assert not enters(client, staff)
    assert authenticate(username=staff.email, password=PASSWORD) is None


def test_its_password_page_is_ours(client, staff):
    client.force_login(staff)
    answer = client.post(reverse("admin:password_change"), {"old_password": "guess"})
    assert answer.url == reverse("ciam_change_password")


def test_nobody_proves_an_address_there(client, staff):
    client.force_login(staff)
    assert client.get("/admin/account/emailaddress/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("admin:account_emailaddress_add")


def test_a_site_of_the_host_is_closed_the_same_way():
    site = AdminSite("back_office")
    site.register(EmailAddress, ModelAdmin)
    close_side_doors(site)
    assert not site.is_registered(EmailAddress)
    close_side_doors(site)
