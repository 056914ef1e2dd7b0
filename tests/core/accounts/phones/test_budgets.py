"""What texts and mails may cost (MF13, DO12, TH3, TH8): counted before they are written, known or not."""

from datetime import timedelta

import pytest

from ciam_core.accounts.phones.flows import request_sms_sign_in
from ciam_core.events import MessageBudgetSpent
from ciam_core.flows import request_sign_in
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from tests.core.accounts.phones.conftest import HERS, OTHER
from tests.factories import PASSWORD
from tests.texts import code_to, texts_to

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def budgets(settings):
    def change(**held):
        named = {name.replace("_", "."): budget for name, budget in held.items()}
        settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": named}

    return change


def ask(number, address="203.0.113.1"):
    return request_sms_sign_in(number, binding="", origin=Origin(channel=Channel.BROWSER, address=address))


def refused(number, **where):
    with pytest.raises(TooManyAttempts):
        ask(number, **where)
    return True


def numbers(count, start="+49170123"):
    return [f"{start}{4000 + n}" for n in range(count)]


def test_one_number_is_asked_for_five_times_an_hour_from_wherever(alice):
    for turn in range(5):
        ask(HERS, address=f"198.51.100.{turn}")
    assert refused("+44 (7911) 123 456", address="192.0.2.7")


def test_one_network_asks_for_twenty(budgets):
    budgets(sms_prefix=None)
    for number in numbers(20):
        ask(number)
    assert refused(OTHER)
    ask(OTHER, address="192.0.2.7")


def test_numbers_in_a_row_share_a_budget(budgets):
    """Toll fraud buys whole blocks."""
    budgets(sms_prefix=(3, DAY), sms_network=None)
    for number in numbers(3):
        ask(number)
    assert refused("+491701239999")
    ask("+491752345678")


def test_a_country_has_a_budget_and_its_end_is_told_once_per_window(budgets, recorded, time_machine):
    time_machine.move_to("2026-01-01T00:00:00Z", tick=False)
    budgets(sms_country=(2, DAY), sms_network=None)
    for number in numbers(2):
        ask(number)
    for _ in range(3):
        assert refused(OTHER)
    (told,) = recorded(MessageBudgetSpent)
    assert (told.budget, told.value, told.subject_id) == ("sms.country", "DE", None)
    ask("+447911123456")
    time_machine.move_to("2026-01-02T00:00:01Z", tick=False)
    for number in numbers(2):
        ask(number)
    assert refused(OTHER)
    assert len(recorded(MessageBudgetSpent)) == 2


def test_a_day_has_a_budget_over_all_countries(budgets, recorded):
    budgets(sms_day=(2, DAY))
    ask(OTHER)
    ask("+447911123456")
    assert refused("+447400123456")
    assert [event.budget for event in recorded(MessageBudgetSpent)] == ["sms.day"]


def test_whoever_is_refused_alone_spends_nothing_of_everybody_s(budgets):
    budgets(sms_recipient=(1, DAY), sms_day=(2, DAY))
    ask(OTHER)
    for _ in range(5):
        assert refused(OTHER)
    ask("+447911123456")


def test_mail_has_a_daily_budget_where_it_is_set(budgets, recorded, alice):
    budgets(mail_day=(2, DAY))
    for address in (alice.email, "nobody@example.org"):
        request_sign_in(address, binding="", origin=SYSTEM)
    for address in (alice.email, "nobody@example.org"):
        with pytest.raises(TooManyAttempts):
            request_sign_in(address, binding="", origin=SYSTEM)
    assert [event.budget for event in recorded(MessageBudgetSpent)] == ["mail.day"]


def at_home(door, person):
    """Signed out again on a device ``person`` has signed in on; an app keeps its token."""
    answer = door.sign_in(person.email, PASSWORD)
    if "X-Device-Token" in answer.headers:
        door.defaults["HTTP_X_DEVICE_TOKEN"] = answer.headers["X-Device-Token"]
    door.sign_out()
    return door


def test_strangers_keep_no_owner_from_texts_on_a_device_of_theirs(door, alice, phone, budgets):
    """DO5, DO12: not by asking for all of hers, nor by wrong codes, nor by using up what is everybody's."""
    budgets(sms_day=(8, DAY), sms_recipient=(8, DAY))
    at_home(door, alice)
    stranger = type(door)()
    for _ in range(8):
        stranger.ask_for_text(HERS)
        for _ in range(5):
            stranger.enter_code("000000")
    assert type(door)().ask_for_text(HERS).status_code == 429
    assert type(door)().ask_for_text(OTHER).status_code == 429
    door.ask_for_text(HERS)
    door.enter_code(code_to(HERS))
    assert door.is_signed_in()


def test_a_known_device_is_texted_no_more_than_another(door, alice, phone):
    """MF13: a lane is a count of its own, not a way round it."""
    at_home(door, alice)
    before = len(texts_to(HERS))
    assert [door.ask_for_text(HERS).status_code == 429 for _ in range(6)] == [False] * 5 + [True]
    assert len(texts_to(HERS)) == before + 5


def test_a_device_of_mallory_s_is_a_stranger_s_at_alice_s_number(door, mallory, phone):
    for _ in range(5):
        type(door)().ask_for_text(HERS)
    at_home(door, mallory)
    assert door.ask_for_text(HERS).status_code == 429
