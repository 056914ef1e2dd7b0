"""TH3: of many at once. On PostgreSQL, where they really are at once."""

from collections import Counter

import pytest

from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_mfa.flows import end_trusted_browser, end_trusted_browsers, recognise_browser, trust_browser
from ciam_mfa.models import TrustedBrowser
from ciam_mfa.trusted_browsers.flows import MOST
from tests.racing import race

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

HERE = Origin(channel=Channel.BROWSER)


def test_trusted_fifty_times_at_once_a_person_has_twenty(alice):
    tokens = race(lambda: trust_browser(alice, origin=HERE))
    assert len(set(tokens)) == 50
    assert TrustedBrowser.objects.count() == MOST
    assert sum(recognise_browser(alice, token, origin=HERE) for token in tokens) == MOST


def test_trusted_fifty_times_at_once_one_browser_is_replaced_once(alice):
    former = trust_browser(alice, origin=HERE)
    tokens = race(lambda: trust_browser(alice, former=former, origin=HERE))
    assert {type(token) for token in tokens} == {str}
    assert not recognise_browser(alice, former, origin=HERE)


def test_one_is_ended_once(alice):
    trust_browser(alice, origin=HERE)
    row = TrustedBrowser.objects.get()
    results = race(lambda: end_trusted_browser(alice, row.pk, origin=SYSTEM))
    assert Counter(type(result).__name__ for result in results) == {"NoneType": 1, "NotFoundError": 49}


def test_all_are_ended_once(alice):
    for _ in range(3):
        trust_browser(alice, origin=HERE)
    assert sorted(race(lambda: end_trusted_browsers(alice, origin=SYSTEM))) == [*[0] * 49, 3]


def test_what_is_ended_while_it_is_used_is_ended(alice):
    """It may spare the sign-ins before, never one after."""
    token = trust_browser(alice, origin=HERE)
    row = TrustedBrowser.objects.get()

    def use_or_end():
        if not recognise_browser(alice, token, origin=HERE):
            return "asked"
        end_trusted_browser(alice, row.pk, origin=SYSTEM)
        return "spared"

    race(use_or_end)
    assert not TrustedBrowser.objects.exists()
    assert not recognise_browser(alice, token, origin=HERE)
