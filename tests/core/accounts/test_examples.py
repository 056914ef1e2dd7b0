"""What the OpenAPI document shows is what is answered."""

import json

import pytest
from django.utils import translation

from ciam_core.exceptions import AddressTaken
from ciam_core.kernel.attempts import TooManyAttempts
from ciam_core.kernel.documenting import problems


def shown(code):
    [answer] = problems(code).values()
    return answer.examples[0].value


def test_status_and_words_are_those_of_the_refusal():
    with translation.override("en"):
        assert shown("address.taken")["title"] == str(AddressTaken.message)
    assert list(problems("address.taken", "too_many_attempts")) == [
        (AddressTaken.status, "application/problem+json"),
        (TooManyAttempts.status, "application/problem+json"),
    ]


@pytest.mark.parametrize("code", ["invalid", "profile.refused"])
def test_an_example_holds_nothing_but_json(code):
    assert type(shown(code)["title"]) is str
    assert json.loads(json.dumps(shown(code))) == shown(code)


def test_a_code_nobody_answers_is_an_error():
    with pytest.raises(KeyError):
        problems("no_such_code")
