"""What a page of the console asks of PostgreSQL is answered by an index, however many people there are."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciam_admin.console.core.queries import MOST_FOUND, found_people
from ciam_core.models import ProfileValue
from tests.admin.console.conftest import page, trail
from tests.core.audit.trail import happen

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

TABLES = ("ciam_core_user", "account_emailaddress", "ciam_core_profilevalue", "ciam_core_auditevent")


@pytest.fixture
def crowd(db):
    people = get_user_model()
    made = people.objects.bulk_create(people(email=f"person{n}@example.org", password="!") for n in range(20_000))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=own, email=own.email, verified=True, primary=True) for own in made
    )
    values = (ProfileValue(user=own, attribute="full_name", value="", index=own.pk.hex) for own in made)
    ProfileValue.objects.bulk_create(values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


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
