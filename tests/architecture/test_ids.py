"""Each attack and each clause that speaks of authenticators stands in front of a test that says so."""

import re

import pytest

from tests.architecture.sources import ROOT

ATTACKS = [*(f"MF{number}" for number in range(1, 21)), "SE1", "SE7", "TH3", "TH8", "TH10", "F15", "F30"]
CLAUSES = [f"N{number}" for number in (7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18)]
"""N1 to N6 speak of passwords. N16 of biometrics: none is ours, a device keeps its own."""
TRAPS = [f"[Tt]raps? (?:\\d+(?:,| and) )*{number}" for number in range(1, 15)]
CITED = "\n".join(path.read_text() for path in (ROOT / "tests" / "mfa").rglob("test_*.py"))


@pytest.mark.parametrize("cited", [*ATTACKS, *CLAUSES, *TRAPS])
def test_a_test_says_that_it_stands_in_front_of(cited):
    assert re.search(rf"\b{cited}\b", CITED)
