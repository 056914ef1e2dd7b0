"""What a page of the console asks of PostgreSQL is answered by an index, however many people there are."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ciam_admin.console.core.queries import MOST_FOUND, found_people
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.models import Device, Phone, ProfileValue, Session
from tests.admin.console.conftest import page, trail
from tests.core.audit.trail import happen

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

TABLES = (
    "ciam_core_user",
    "account_emailaddress",
    "ciam_core_profilevalue",
    "ciam_core_auditevent",
    "ciam_core_phone",
    "ciam_core_session",
    "ciam_core_device",
    "socialaccount_socialaccount",
)

NUMBER = "+447911123456"


@pytest.fixture
def crowd(db):
    people = get_user_model()
    made = people.objects.bulk_create(people(email=f"person{n}@example.org", password="!") for n in range(20_000))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=own, email=own.email, verified=True, primary=True) for own in made
    )
    values = (ProfileValue(user=own, attribute="full_name", value="", index=own.pk.hex) for own in made)
    ProfileValue.objects.bulk_create(values)
    have_more(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def have_more(people):
    """A phone number, a device, a session on it and a linked account for each."""
    now = timezone.now()
    Phone.objects.bulk_create(
        Phone(user=own, number="", index=own.pk.hex, hint="+49", verified_at=now) for own in people
    )
    Phone.objects.filter(user=people[777]).update(index=phone_index(NUMBER))
    devices = Device.objects.bulk_create(
        Device(user=own, digest=own.pk.hex, first_used_at=now, last_used_at=now) for own in people
    )
    times = {"created_at": now, "last_used_at": now, "expires_at": now + timedelta(days=1)}
    Session.objects.bulk_create(
        Session(user_id=own.user_id, device=own, key_digest=own.digest, **times) for own in devices
    )
    SocialAccount.objects.bulk_create(SocialAccount(user=own, provider="acme", uid=own.pk.hex) for own in people)


@pytest.mark.parametrize("text", ["", "person777@example.org", "person777", "id", "Somebody Else"])
def test_no_search_reads_a_whole_table(as_, vera, crowd, settings, text):
    profile = {"full_name": {"label": "Full name", "searchable": True}}
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PROFILE": profile}
    text = str(crowd[777].pk) if text == "id" else text
    assert whole_reads(as_(vera), page("changelist"), {"q": text}) == []


def test_how_everybody_s_address_begins_finds_some_of_them(crowd):
    assert len(found_people("person")) == MOST_FOUND


def test_no_page_far_back_does_either(as_, vera, crowd):
    assert whole_reads(as_(vera), page("changelist"), {"older_than": str(crowd[100].pk)}) == []


def test_the_trail_of_one_person_is_read_by_index(as_, vera, crowd):
    for own in crowd[:3000]:
        happen(str(own.pk))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ciam_core_auditevent")
    assert whole_reads(as_(vera), trail("changelist"), {"subject": str(crowd[5].pk)}) == []
    assert whole_reads(as_(vera), trail("changelist"), {}) == []


def test_a_whole_phone_number_finds_its_person_by_index(crowd, settings):
    settings.CIAM_CORE = {**settings.CIAM_CORE, "PHONES": "add", "SMS_BACKEND": "tests.texts.Pocket"}
    with CaptureQueriesContext(connection) as captured:
        assert found_people(NUMBER) == {crowd[777].pk}
    assert [own["sql"] for own in captured if reads_whole(own["sql"])] == []


def test_a_person_s_page_and_lists_are_read_by_index(as_, helen, crowd):
    someone = crowd[777].pk
    session, device = Session.objects.get(user_id=someone), Device.objects.get(user_id=someone)
    pages = [page(name, someone) for name in ("change", "sessions", "devices", "reveal_sessions", "reveal_devices")]
    pages += [page("end_session", someone, session.pk), page("forget_device", someone, device.pk)]
    client = as_(helen)
    assert {url: found for url in pages if (found := whole_reads(client, url, {}))} == {}
    far_back = {"older_than": str(crowd[-1].pk)}
    assert whole_reads(client, page("sessions", someone), far_back) == []


@pytest.mark.parametrize("kind", [Session, Device])
def test_ending_one_finds_it_by_index(as_, helen, crowd, kind):
    row = kind.objects.get(user_id=crowd[777].pk)
    name = {Session: "end_session", Device: "forget_device"}[kind]
    with CaptureQueriesContext(connection) as captured:
        assert as_(helen).post(page(name, crowd[777].pk, row.pk)).status_code == 302
    asked = [own["sql"] for own in captured if any(table in own["sql"] for table in TABLES)]
    assert [sql for sql in asked if sql.startswith(("SELECT", "DELETE", "UPDATE")) and reads_whole(sql)] == []
    assert any(sql.startswith("DELETE") for sql in asked) and not kind.objects.filter(pk=row.pk).exists()


def whole_reads(client, url, query):
    """Each statement of the page whose plan reads one of the large tables from end to end."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    asked = [own["sql"] for own in captured if any(table in own["sql"] for table in TABLES)]
    return [sql for sql in asked if sql.startswith("SELECT") and reads_whole(sql)]


def reads_whole(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return any(f"Seq Scan on {table} " in plan for table in TABLES)
