"""Asking for a code takes as long whether or not there is an account: the same statements, the same work (EN6, EN1).

Processor time of this thread instead of time by the clock, so that a busy machine does not blur it.
"""

import random
import re
import statistics
import time

import pytest

from ciam_core.accounts.phones.flows import request_sms_sign_in
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.flows import request_recovery, request_sign_in
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Channel, Origin
from ciam_core.messages.limits import MESSAGE_BUDGETS
from tests.core.accounts.phones.conftest import HERS, OTHER
from tests.statements import data_statements

pytestmark = pytest.mark.django_db

STRANGER = Origin(channel=Channel.BROWSER, address="203.0.113.7", agent="curl", device="a device of a stranger's")
NOBODYS = "+447400123456"


def ask_for_text(number):
    request_sms_sign_in(number, binding="", origin=STRANGER)


def ask_for_mail(address):
    request_sign_in(address, binding="", origin=STRANGER)


def ask_for_recovery(address):
    request_recovery(address, origin=STRANGER)


MAILED = ("alice@example.org", "amber@example.org", "sasha@example.org")
ASKED = {ask_for_text: (HERS, NOBODYS, OTHER), ask_for_mail: MAILED, ask_for_recovery: MAILED}
"""What is asked for somebody, for nobody, and for somebody who is suspended."""


@pytest.fixture(autouse=True)
def _people(phone, suspended, settings):
    at = "2026-01-01T00:00Z"
    Phone.objects.create(user=suspended, number=OTHER, index=phone_index(OTHER), hint="+49", verified_at=at)
    settings.CIAM_CORE = {**settings.CIAM_CORE, "MESSAGE_BUDGETS": dict.fromkeys(MESSAGE_BUDGETS)}


@pytest.mark.parametrize("ask", ASKED, ids=lambda ask: ask.__name__)
def test_nobody_costs_the_same_statements(ask):
    for whom in ASKED[ask]:
        ask(whom)
    shapes = [[shape(sql) for sql in data_statements(lambda: ask(whom))] for whom in ASKED[ask]]  # noqa: B023
    assert shapes[0] == shapes[1] == shapes[2]


def shape(sql):
    """The verb and the table."""
    table = re.search(r'(?:FROM|INTO|UPDATE) "?(\w+)', sql)
    return sql.split()[0], table and table[1]


@pytest.mark.parametrize("ask", ASKED, ids=lambda ask: ask.__name__)
def test_nobody_costs_the_same_work(ask):
    """Interleaved; samples are added until the noise allows the answer.

    A tenth remains, some 0.3 ms: the mail to an unknown address has fewer words, and nobody's row is not built. Ten
    answers an hour are too few to tell that from a commit.
    """
    taken = {whom: [] for whom in ASKED[ask]}
    for _ in range(8):
        sample(ask, taken)
        quarter = {whom: statistics.quantiles(found, n=4)[0] for whom, found in taken.items()}
        if max(quarter.values()) < 1.15 * min(quarter.values()):
            return
    pytest.fail(f"Not alike: {quarter}")


def sample(ask, taken):
    order = [*taken] * 20
    random.shuffle(order)
    for whom in order:
        Proof.objects.all().delete()  # budgets allow ten an hour, not hundreds
        started = time.thread_time()
        ask(whom)
        taken[whom].append(time.thread_time() - started)
